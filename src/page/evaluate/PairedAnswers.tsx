import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { scoreOf } from '../../evaluation/scores';
import { type CastVote, type Choice, choiceOf, countVotes, voteFor } from '../compare/blindVote';
import { SafeMarkdown } from '../rollouts/SafeMarkdown';
import { plural } from '../shell/format';
import { pairsOf } from './answerPairs';
import styles from './evaluate.module.css';
import { score } from './numbers';

type Saved = Extract<SavedEvaluation, { kind: 'evaluation' }>;

/** Both answers to a prompt, before and after training, blind until the vote. */
export function PairedAnswers({ saved }: { saved: Saved }) {
  const [index, setIndex] = useState(0);
  const [blind, setBlind] = useState(true);
  const [votes, setVotes] = useState<Readonly<Record<number, CastVote>>>({});
  // A person who has seen the names of a pair is no longer blind to it.
  const [named, setNamed] = useState<ReadonlySet<number>>(new Set());
  const pairs = pairsOf(saved);
  const pair = pairs[index];
  if (!pair) return null;
  const { answers, order } = pair;
  const [left, right] = order;
  const cast = votes[index];
  const choice = cast && choiceOf(cast.vote, order);
  const hidden = blind && !cast;
  const counts = countVotes(Object.values(votes));
  /** The first vote stands, because the names are visible after it. */
  const give = (given: Choice) => {
    if (!cast) setVotes({ ...votes, [index]: { vote: voteFor(given, order), blind: blind && !named.has(index) } });
  };
  const show = (next: number, stayBlind = blind) => {
    setIndex(next);
    setBlind(stayBlind);
    if (!stayBlind) setNamed(new Set([...named, next]));
  };
  return (
    <section aria-label="Answer pairs" className={styles.stack}>
      <div className={styles.head}>
        <h3>Answer pairs</h3>
        <span className="soft small tabular">
          pair {index + 1} of {pairs.length}
        </span>
        <Button size="compact-sm" variant="default" disabled={index === 0} onClick={() => show(index - 1)}>
          Previous
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={index === pairs.length - 1}
          onClick={() => show(index + 1)}
        >
          Next
        </Button>
        <Checkbox
          size="xs"
          label="Blind: show names and scores after the vote"
          checked={blind}
          onChange={({ currentTarget }) => show(index, currentTarget.checked)}
        />
      </div>
      <p className={styles.text}>{answers.base.example.prompt.at(-1)?.content}</p>
      <div className={styles.pair}>
        <Answer answer={answers[left]} name="A" reveal={hidden ? null : NAMES[left]} />
        <Answer answer={answers[right]} name="B" reveal={hidden ? null : NAMES[right]} />
      </div>
      <div className={styles.actions}>
        <Button size="compact-sm" variant={choice === 'left' ? 'filled' : 'default'} onClick={() => give('left')}>
          A is better
        </Button>
        <Button size="compact-sm" variant={choice === 'same' ? 'filled' : 'default'} onClick={() => give('same')}>
          No difference
        </Button>
        <Button size="compact-sm" variant={choice === 'right' ? 'filled' : 'default'} onClick={() => give('right')}>
          B is better
        </Button>
        <span className="soft small tabular" role="status">
          {counts.checkpoint + counts.base + counts.same > 0 &&
            `Your votes: after training ${counts.checkpoint}, before ${counts.base}, no difference ${counts.same}. `}
          {counts.open > 0 && `${plural(counts.open, 'vote')} with visible names, not counted.`}
        </span>
      </div>
    </section>
  );
}

const NAMES = { base: 'before training', checkpoint: 'after training' } as const;

function Answer({ answer, name, reveal }: { answer: EvaluatedAnswer; name: string; reveal: string | null }) {
  return (
    <section aria-label={`Answer ${name}`} className={styles.side}>
      <span className="soft small tabular">
        {name}
        {reveal !== null && ` · ${reveal} · score ${score(scoreOf(answer))}`}
        {answer.tokens !== null && ` · ${answer.tokens} tokens`}
      </span>
      {answer.completion.trim() === '' ? (
        <p className="soft">The answer is empty.</p>
      ) : (
        <SafeMarkdown text={answer.completion} />
      )}
    </section>
  );
}
