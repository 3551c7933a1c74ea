import { Button, Kbd } from '@mantine/core';
import { useStore } from 'zustand';
import { callStore } from '../connection/calls';
import { selectBusy } from '../evaluate/evaluationStore';
import { useSingleKeys } from '../shell/useSingleKeys';
import { choiceOf } from './blindVote';
import styles from './compare.module.css';
import { bothWritten, type LiveComparison, sideOrder } from './comparison';
import { castVote, compare, nextExample } from './comparisonActions';

const CHOICES = [
  { key: '1', choice: 'left', label: 'A is better' },
  { key: '2', choice: 'right', label: 'B is better' },
  { key: '3', choice: 'same', label: 'About the same' },
] as const;

/** The vote; after it, the names. */
export function VotePanel({ comparison }: { comparison: LiveComparison }) {
  const busy = useStore(callStore, selectBusy);
  const written = bothWritten(comparison);
  const { vote, written: texts } = comparison;
  const same = texts.base?.text === texts.checkpoint?.text;
  const order = sideOrder(comparison);
  const [left, right] = order;
  useSingleKeys({
    '1': () => castVote('left'),
    '2': () => castVote('right'),
    '3': () => castVote('same'),
  });
  const chosen = vote === null ? null : choiceOf(vote, order);
  return (
    <section aria-label="Your vote" className={styles.vote}>
      <div className={styles.actions}>
        {CHOICES.map(({ key, choice, label }) => (
          <Button
            key={key}
            variant={chosen === choice ? 'filled' : 'default'}
            disabled={!written || (vote !== null && chosen !== choice)}
            onClick={() => castVote(choice)}
            rightSection={<Kbd size="xs">{key}</Kbd>}
            aria-keyshortcuts={key}
            aria-pressed={chosen === choice}
          >
            {label}
          </Button>
        ))}
        {vote !== null && comparison.request.prompt.kind === 'example' && (
          <Button
            variant="default"
            disabled={busy !== null}
            onClick={() => {
              nextExample();
              compare();
            }}
          >
            Compare next example
          </Button>
        )}
      </div>
      <p role="status" className="soft">
        {vote !== null && `A was ${NAMES[left]}, B was ${NAMES[right]}. ${SAID[vote]}`}
        {vote === null && written && same && 'Both answers are identical.'}
        {vote === null && !written && comparison.ended === null && 'You can vote when both answers are complete.'}
        {vote === null && !written && comparison.ended !== null && 'You cannot vote: the answers are incomplete.'}
      </p>
    </section>
  );
}

const NAMES = { base: 'the model before training', checkpoint: 'the model after training' } as const;
const SAID = {
  base: 'You prefer the model before training.',
  checkpoint: 'You prefer the model after training.',
  same: 'You see no difference.',
} as const;
