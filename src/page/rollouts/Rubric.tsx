import { rubricPoints, type Ungraded } from '../../domain/reward';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { CriterionRow } from './CriterionRow';
import styles from './rollouts.module.css';

interface Props {
  readonly answer: RolloutRecord;
  /** From the run's recipe, so that the points match the reward. */
  readonly ungraded: Ungraded;
}

export function Rubric({ answer, ungraded }: Props) {
  const { met, possible } = rubricPoints(answer.criteria, answer.criteria, ungraded);
  return (
    <section className={styles.panel} aria-label="Rubric">
      <div className={styles.panelHead}>
        <h2>Rubric</h2>
        <span className="soft small tabular">
          {`${Math.round(10 * met) / 10}`.replace('-', '−')} of {possible} points · select a criterion for the reason
        </span>
      </div>
      <ul className={styles.rubric}>
        {answer.criteria.map((criterion, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rubric keeps its order
          <CriterionRow key={`${answer.group}/${answer.index}/${i}`} criterion={criterion} grader={answer.grader} />
        ))}
      </ul>
    </section>
  );
}
