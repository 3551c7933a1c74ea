import type { RolloutRecord } from '../../domain/rolloutRecord';
import { plural } from '../shell/format';
import { Help } from '../shell/Help';
import { AnswerRow } from './AnswerRow';
import styles from './rollouts.module.css';
import type { AnswerGroup } from './rolloutView';

interface Props {
  readonly group: AnswerGroup;
  readonly selected: RolloutRecord;
  readonly onSelect: (answer: RolloutRecord) => void;
}

/** The answers of one prompt side by side, best first. */
export function AnswerList({ group, selected, onSelect }: Props) {
  return (
    <section className={styles.panel} aria-label="Answers">
      <div className={styles.panelHead}>
        <h2>{plural(group.answers.length, 'answer')}, by reward</h2>
        <Help title="these numbers">
          Reward: points met / positive points. Advantage: the reward minus the group’s mean, in standard deviations;
          the update makes answers with a positive advantage more likely. Then the length, and how the answer ended.
        </Help>
      </div>
      <ol className={styles.answers}>
        {group.answers.map((answer) => (
          <AnswerRow key={answer.index} answer={answer} current={answer === selected} onSelect={onSelect} />
        ))}
      </ol>
    </section>
  );
}
