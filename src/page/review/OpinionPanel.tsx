import { Button, Kbd, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { useStore } from 'zustand';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import { VerdictMark } from '../rollouts/VerdictMark';
import { useSingleKeys } from '../shell/useSingleKeys';
import styles from './review.module.css';
import { comment, giveOpinion, moveTo } from './reviewActions';
import { type ReviewState, reviewStore } from './reviewStore';

const selectComment = ({ comment: text }: ReviewState) => text;
const selectAt = ({ at }: ReviewState) => at;
const SAID = { agree: 'You agreed.', disagree: 'You disagreed.', skip: 'You skipped this one.' } as const;

/** The criterion, the verdict and its reason, and the person's opinion. */
export function OpinionPanel({ item, opinion }: { item: ReviewItem; opinion: Opinion | null }) {
  const text = useStore(reviewStore, selectComment);
  const at = useStore(reviewStore, selectAt);
  const field = useRef<HTMLTextAreaElement>(null);
  useSingleKeys({
    a: () => giveOpinion('agree'),
    d: () => giveOpinion('disagree'),
    s: () => giveOpinion('skip'),
    c: () => field.current?.focus(),
    j: () => moveTo(at + 1),
    k: () => moveTo(at - 1),
  });
  const bad = item.points < 0;
  const state = bad ? (item.verdict === 'met' ? 'harm' : 'avoided') : item.verdict;
  return (
    <section className={styles.opinion} aria-label="Verdict">
      {/* Screen readers announce the next verdict. */}
      <div aria-live="polite" className={styles.panel}>
        <h2>{bad ? 'The answer should not do this' : 'The answer should do this'}</h2>
        <p className={styles.criterion}>{item.criterion}</p>
        <p className={styles.verdict}>
          <span className="soft">Verdict</span> <VerdictMark state={state} />
        </p>
        <p>
          {item.explanation === '' ? (
            <span className="soft">No reason was given.</span>
          ) : (
            <>
              <span className="soft">Reason:</span> “{item.explanation}”
            </>
          )}
        </p>
        {opinion && <p className="soft small">{SAID[opinion.opinion]} You can change it.</p>}
      </div>
      <div className={styles.buttons}>
        <Button onClick={() => giveOpinion('agree')} rightSection={<Kbd size="xs">A</Kbd>} aria-keyshortcuts="a">
          Agree
        </Button>
        <Button
          onClick={() => giveOpinion('disagree')}
          variant="default"
          rightSection={<Kbd size="xs">D</Kbd>}
          aria-keyshortcuts="d"
        >
          Disagree
        </Button>
        <Button
          onClick={() => giveOpinion('skip')}
          variant="subtle"
          color="gray"
          rightSection={<Kbd size="xs">S</Kbd>}
          aria-keyshortcuts="s"
        >
          Skip
        </Button>
      </div>
      <Textarea
        ref={field}
        label="Comment"
        description="Press C to write and Escape when done. Saved with your opinion."
        aria-keyshortcuts="c"
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={({ currentTarget }) => comment(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
      />
      <p className="soft small">
        <button type="button" className="link" disabled={at === 0} onClick={() => moveTo(at - 1)}>
          Previous verdict
        </button>{' '}
        <Kbd size="xs">K</Kbd>
      </p>
    </section>
  );
}
