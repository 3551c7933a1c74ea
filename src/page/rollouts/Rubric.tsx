import type { RolloutRecord } from '../../domain/rolloutRecord';
import { CriterionRow } from './CriterionRow';
import styles from './rollouts.module.css';
import { points } from './rolloutView';

export function Rubric({ answer }: { answer: RolloutRecord }) {
  const { got, possible } = points(answer.criteria);
  return (
    <section className={styles.panel} aria-label="Rubric">
      <div className={styles.panelHead}>
        <h2>Rubric</h2>
        <span className="soft small tabular">
          {`${got}`.replace('-', '−')} of {possible} points · press a criterion for the reason
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
