import { memo, useState } from 'react';
import { useStore } from 'zustand';
import type { LivePrompt } from '../../protocol/notices';
import { StateDots } from '../rollouts/CriteriaDots';
import { criterionState } from '../rollouts/rolloutView';
import { runStore, selectLiveId, selectShownId } from '../run/runStore';
import styles from './live.module.css';
import { type LiveAnswer, type LiveStepState, liveStepStore } from './liveStepStore';

const selectAll = (state: LiveStepState) => state;

/** The answers of the live step, one prompt at a time, while they are written and graded. */
export function LiveStep() {
  const { runId, step, groupSize, prompts, answers } = useStore(liveStepStore, selectAll);
  const liveId = useStore(runStore, selectLiveId);
  const shownId = useStore(runStore, selectShownId);
  const [chosen, choose] = useState(0);
  if (runId === null || runId !== liveId || runId !== shownId) return null;
  const group = Math.min(chosen, prompts.length - 1);
  const prompt = prompts[group];
  if (!prompt) return null;
  return (
    <section className={styles.live} aria-label="Live step">
      <div className={styles.head}>
        <h2>Step {step}, in progress</h2>
        {prompts.length > 1 && (
          <fieldset className={styles.prompts} aria-label="Prompt shown">
            {prompts.map(({ promptId }, i) => (
              <button
                key={promptId}
                type="button"
                className="plain link small"
                aria-pressed={i === group}
                onClick={() => choose(i)}
              >
                prompt {i + 1}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <p className={`soft ${styles.question}`}>{prompt.prompt}</p>
      <ol className={styles.answers}>
        {answers.slice(group * groupSize, (group + 1) * groupSize).map((answer, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: answers keep their order
          <Answer key={i} number={i + 1} answer={answer} points={prompt.points} />
        ))}
      </ol>
    </section>
  );
}

interface Props {
  readonly number: number;
  readonly answer: LiveAnswer;
  readonly points: LivePrompt['points'];
}

const Answer = memo(function Answer({ number, answer: { tokens, text, verdicts, reason }, points }: Props) {
  const states = verdicts.map((verdict, i) =>
    verdict === null ? 'open' : criterionState({ verdict, points: points[i]! }),
  );
  return (
    <li className={styles.answer}>
      <span className="small tabular">
        <strong>answer {number}</strong>{' '}
        <span className="soft">{tokens === 0 ? 'not started' : `${tokens} token${tokens === 1 ? '' : 's'}`}</span>
      </span>
      <span className={styles.text}>
        <span>{text}</span>
      </span>
      <StateDots states={states} />
      {reason && (
        <span className={`small soft ${styles.reason}`}>
          criterion {reason.criterion + 1}: {reason.text}
        </span>
      )}
    </li>
  );
});
