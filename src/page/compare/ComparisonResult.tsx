import { useStore } from 'zustand';
import type { Side } from '../../domain/comparisonRequest';
import { type CallState, callStore, openCall } from '../connection/calls';
import { formatShare } from '../shell/format';
import { AnswerSide } from './AnswerSide';
import { ComparedCriteria } from './ComparedCriteria';
import styles from './compare.module.css';
import { type LiveComparison, phaseOf, sideOrder } from './comparison';
import { comparisonStore, selectComparisonForm } from './comparisonStore';
import { VotePanel } from './VotePanel';

/** The prompt, both answers, every criterion of both, and the vote. */
export function ComparisonResult({ comparison }: { comparison: LiveComparison }) {
  const { blind, gradesAfterVote } = useStore(comparisonStore, selectComparisonForm);
  const { example, grader, vote } = comparison;
  const [left, right] = sideOrder(comparison);
  const named = vote !== null || !blind;
  const graded = vote !== null || !gradesAfterVote;
  const name = (side: Side) => (named ? (side === 'checkpoint' ? 'after training' : 'before training') : null);
  return (
    <section className={styles.result} aria-label="Answers">
      <Phase comparison={comparison} />
      {example && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard
        <section className={styles.question} tabIndex={0} aria-label="Prompt">
          {example.prompt.map(({ role, content }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages keep their order
            <div key={i}>
              <span className="soft small">{WHO[role]}</span>
              <p className={styles.text}>{content}</p>
            </div>
          ))}
        </section>
      )}
      <div className={styles.pair}>
        <AnswerSide letter="A" side={left} comparison={comparison} name={name(left)} graded={graded} />
        <AnswerSide letter="B" side={right} comparison={comparison} name={name(right)} graded={graded} />
      </div>
      <VotePanel comparison={comparison} />
      {example &&
        example.rubrics.length > 0 &&
        grader !== null &&
        (graded ? (
          <ComparedCriteria comparison={comparison} rubrics={example.rubrics} grader={grader} />
        ) : (
          <p className="soft">Verdicts by {grader} appear after your vote.</p>
        ))}
    </section>
  );
}

const WHO = { user: 'Person', assistant: 'Assistant', system: 'System', developer: 'Developer' } as const;

const selectLoading = (calls: CallState) => openCall(calls, 'compare')?.work ?? null;

/** The progress, also for screen readers. */
function Phase({ comparison }: { comparison: LiveComparison }) {
  const work = useStore(callStore, selectLoading);
  const phase = phaseOf(comparison);
  const total = comparison.example?.rubrics.length ?? 0;
  const done = comparison.grades.base.filter((grade) => grade !== null).length;
  const loading = phase === 'loading' && work && work.total > 1 && work.done < work.total;
  const words = {
    loading: 'Loading the model…',
    answering: 'Writing both answers…',
    grading: total > 0 ? 'Both answers are complete. Grading…' : 'Both answers are complete.',
    done:
      total > 0
        ? 'Both answers are complete and graded.'
        : 'Both answers are complete. There are no criteria to grade.',
    stopped: 'Stopped.',
    failed: 'The comparison failed; the message above says why.',
  }[phase];
  return (
    <p>
      <span role="status">{words}</span>{' '}
      <span className="soft tabular">
        {loading && formatShare(work.done / work.total)}
        {phase === 'grading' && total > 0 && `${done} of ${total} criteria`}
      </span>
    </p>
  );
}
