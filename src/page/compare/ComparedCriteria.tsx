import type { Criterion } from '../../domain/example';
import type { CriterionGrade } from '../../domain/verdict';
import evaluate from '../evaluate/evaluate.module.css';
import { score } from '../evaluate/numbers';
import { CheckMark } from '../rollouts/CheckMark';
import { criterionState } from '../rollouts/rolloutView';
import { VerdictMark } from '../rollouts/VerdictMark';
import { formatShare } from '../shell/format';
import styles from './compare.module.css';
import { type LiveComparison, sideOrder, sideScore } from './comparison';

interface Props {
  readonly comparison: LiveComparison;
  readonly rubrics: readonly Criterion[];
  readonly grader: string;
}

/** Every criterion of both answers; verdicts fill in as they come. */
export function ComparedCriteria({ comparison, rubrics, grader }: Props) {
  const sides = sideOrder(comparison);
  return (
    <table className={`${evaluate.table} ${styles.table}`}>
      <caption className="soft small">Graded by {grader}</caption>
      <thead>
        <tr>
          <th scope="col">Criterion</th>
          <th scope="col">Points</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {rubrics.map(({ criterion, points, check }, c) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: criteria keep their order
          <tr key={c}>
            <th scope="row">
              {criterion} {check && <CheckMark check={check} />}
            </th>
            <td>{points > 0 ? `+${points}` : `−${-points}`}</td>
            {sides.map((side) => (
              <td key={side}>
                <SideVerdict
                  grade={comparison.grades[side][c] ?? null}
                  points={points}
                  ended={comparison.ended !== null}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Score</th>
          <td />
          {sides.map((side) => (
            <td key={side}>{score(sideScore(comparison, side))}</td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

function SideVerdict({ grade, points, ended }: { grade: CriterionGrade | null; points: number; ended: boolean }) {
  if (!grade) return <span className="soft">{ended ? 'not graded' : 'not yet'}</span>;
  const { verdict, explanation, confidence, failure } = grade;
  return (
    <>
      <span className={styles.verdict}>
        <VerdictMark state={criterionState({ verdict, points })} />
        {confidence !== null && <span className="soft small">{formatShare(confidence)} for “met”</span>}
      </span>
      {(failure ?? explanation) !== '' && <p className="soft small">{failure ?? explanation}</p>}
    </>
  );
}
