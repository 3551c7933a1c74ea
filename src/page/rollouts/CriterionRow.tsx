import { memo } from 'react';
import { checkText } from '../../domain/check';
import type { CriterionRecord } from '../../domain/rolloutRecord';
import { formatShare } from '../shell/format';
import { CheckMark } from './CheckMark';
import styles from './rollouts.module.css';
import { criterionState } from './rolloutView';
import { VerdictMark } from './VerdictMark';

/** Expanded, it shows the grader's reason and confidence, or why there is no verdict. */
export const CriterionRow = memo(function CriterionRow({
  criterion,
  grader,
}: {
  criterion: CriterionRecord;
  grader: string;
}) {
  const { points, explanation, confidence, failure, tags, check, credit } = criterion;
  return (
    <li>
      <details className={styles.criterion}>
        <summary>
          <VerdictMark state={criterionState(criterion)} />
          <span className="tabular">{points > 0 ? `+${points}` : `−${-points}`}</span>
          <span>
            {criterion.criterion} {check && <CheckMark check={check} />}
          </span>
        </summary>
        <div className={styles.reason}>
          {failure !== null && <p>Not graded: {failure} The recipe says how ungraded criteria count.</p>}
          {explanation !== '' && <p>{check ? explanation : `“${explanation}”`}</p>}
          {failure === null && explanation === '' && (
            <p className="soft">This grader gives verdicts without reasons.</p>
          )}
          <p className="soft">
            {check ? `checked by program: ${checkText(check)}` : `graded by ${grader}`}
            {confidence !== null && ` · ${formatShare(confidence)} for “met”`}
            {credit !== undefined && ` · counts ${formatShare(credit)} of its points`}
            {tags.length > 0 && ` · ${tags.join(', ').replaceAll('_', ' ')}`}
          </p>
        </div>
      </details>
    </li>
  );
});
