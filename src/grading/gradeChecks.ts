import { runCheck } from '../data/checks/check';
import type { Criterion } from '../domain/example';
import type { GraderConfig } from '../domain/recipe/grader';
import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import type { GradingContext } from './grader';

/** Grades the criteria that a program does not decide: rollouts as a grader gets them, without those that are left. */
type Judge = (rollouts: readonly Rollout[], context: GradingContext) => Promise<readonly Grade[]>;

/**
 * Criteria with a check are decided by program and cost the grader nothing; `judge` gets the others. With `checks:
 * 'grader'` it gets all.
 */
export async function gradeWithChecks(
  rollouts: readonly Rollout[],
  checks: GraderConfig['checks'],
  context: GradingContext,
  judge: Judge,
): Promise<Grade[]> {
  const isChecked = ({ check }: Criterion) => check !== undefined && checks === 'program';
  if (!rollouts.some(({ example }) => example.rubrics.some(isChecked))) return [...(await judge(rollouts, context))];

  const grades: CriterionGrade[][] = rollouts.map(({ example, completion }, rollout) => {
    const answer = visibleAnswer(completion);
    const grade = new Array<CriterionGrade>(example.rubrics.length);
    example.rubrics.forEach((criterion, c) => {
      if (!isChecked(criterion)) return;
      grade[c] = checkGrade(criterion, answer);
      context.onGrade?.(rollout, c, grade[c]);
    });
    return grade;
  });
  // Of every answer with a judged criterion: where it stands, and where its judged criteria do.
  const judged = rollouts.flatMap(({ example }, rollout) => {
    const places = example.rubrics.flatMap((criterion, c) => (isChecked(criterion) ? [] : [c]));
    return places.length > 0 ? [{ rollout, places }] : [];
  });
  if (judged.length === 0) return grades;
  const own = await judge(
    judged.map(({ rollout, places }) => {
      const { example, ...rest } = rollouts[rollout]!;
      return { ...rest, example: { ...example, rubrics: places.map((c) => example.rubrics[c]!) } };
    }),
    {
      ...context,
      onGrade: (i, c, grade) => context.onGrade?.(judged[i]!.rollout, judged[i]!.places[c]!, grade),
      onReasoning: (i, c, tokens) => context.onReasoning?.(judged[i]!.rollout, judged[i]!.places[c]!, tokens),
    },
  );
  judged.forEach(({ rollout, places }, i) => {
    places.forEach((place, c) => {
      grades[rollout]![place] = own[i]![c]!;
    });
  });
  return grades;
}

function checkGrade({ check }: Criterion, answer: string): CriterionGrade {
  const { met, reason } = runCheck(check!, answer);
  return { verdict: met ? 'met' : 'notMet', explanation: reason, confidence: null, failure: null, by: 'program' };
}
