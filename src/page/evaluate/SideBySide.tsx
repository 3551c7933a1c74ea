import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import { scoreOf } from '../../evaluation/evaluation';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { SafeMarkdown } from '../rollouts/SafeMarkdown';
import { pairsOf, type Vote, type VotedPair, voteCounts } from './blindVote';
import styles from './evaluate.module.css';
import { score } from './numbers';

type Kept = Extract<SavedEvaluation, { kind: 'evaluation' }>;

/** The same prompt before and after training, next to each other; blind until a vote is given. */
export function SideBySide({ kept }: { kept: Kept }) {
  const [index, setIndex] = useState(0);
  const [blind, setBlind] = useState(true);
  const [votes, setVotes] = useState<Readonly<Record<number, Vote>>>({});
  const pairs = pairsOf(kept);
  const pair = pairs[index];
  if (!pair) return null;
  const vote = votes[index];
  const hidden = blind && vote === undefined;
  const counts = voteCounts(pairs, votes);
  const give = (choice: Vote) => setVotes({ ...votes, [index]: choice });
  return (
    <section aria-label="Side by side" className={styles.stack}>
      <div className={styles.head}>
        <h3>Side by side</h3>
        <span className="soft small tabular">
          pair {index + 1} of {pairs.length}
        </span>
        <Button size="compact-sm" variant="default" disabled={index === 0} onClick={() => setIndex(index - 1)}>
          Previous
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={index === pairs.length - 1}
          onClick={() => setIndex(index + 1)}
        >
          Next
        </Button>
        <Checkbox
          size="xs"
          label="Blind: names and scores after your vote"
          checked={blind}
          onChange={({ currentTarget }) => setBlind(currentTarget.checked)}
        />
      </div>
      <p className={styles.text}>{pair.left.example.prompt.at(-1)?.content}</p>
      <div className={styles.pair}>
        <Side answer={pair.left} name="A" reveal={hidden ? null : nameOf(pair, 'left')} />
        <Side answer={pair.right} name="B" reveal={hidden ? null : nameOf(pair, 'right')} />
      </div>
      <div className={styles.actions}>
        <Button size="compact-sm" variant={vote === 'left' ? 'filled' : 'default'} onClick={() => give('left')}>
          A is better
        </Button>
        <Button size="compact-sm" variant={vote === 'same' ? 'filled' : 'default'} onClick={() => give('same')}>
          No difference
        </Button>
        <Button size="compact-sm" variant={vote === 'right' ? 'filled' : 'default'} onClick={() => give('right')}>
          B is better
        </Button>
        <span className="soft small tabular" role="status">
          {counts.total > 0 &&
            `Your votes: after training ${counts.after}, before ${counts.before}, no difference ${counts.same}`}
        </span>
      </div>
    </section>
  );
}

const nameOf = ({ trained }: VotedPair, side: 'left' | 'right') =>
  side === trained ? 'after training' : 'before training';

function Side({ answer, name, reveal }: { answer: EvaluatedAnswer; name: string; reveal: string | null }) {
  return (
    <section aria-label={`Answer ${name}`} className={styles.side}>
      <span className="soft small tabular">
        {name}
        {reveal !== null && ` · ${reveal} · score ${score(scoreOf(answer))}`}
        {answer.tokens !== null && ` · ${answer.tokens} tokens`}
      </span>
      {answer.completion.trim() === '' ? (
        <p className="soft">Nothing was written.</p>
      ) : (
        <SafeMarkdown text={answer.completion} />
      )}
    </section>
  );
}
