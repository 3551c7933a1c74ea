import type { GraderConfig } from '../../domain/recipe/grader';
import type { Grade } from '../../domain/verdict';
import { type AuditedAnswer, type AuditedGrader, auditGrader } from '../../evaluation/audit';
import { givenAnswer } from '../../rl/evaluate';
import type { Engine } from '../engine';
import { type GradingHooks, gradeGiven } from './gradeGiven';
import type { ModelUnderTest } from './modelUnderTest';
import { graderName } from './runEvaluation';

/** The graders of an audit with their verdicts: the model as it is in its files, and with what it learned, if anything. The same items, the same draws. */
export async function runAudit(
  engine: Engine,
  subject: ModelUnderTest,
  answers: readonly AuditedAnswer[],
  config: GraderConfig,
  hooks: { seed: number } & GradingHooks,
): Promise<{ readonly grader: AuditedGrader; readonly grades: readonly Grade[] }[]> {
  const rollouts = answers.map(({ example, completion }, i) => givenAnswer(example, completion, i));
  const audited = [];
  for (const kind of subject.trained ? (['frozen', 'self'] as const) : (['frozen'] as const)) {
    const own = { ...config, kind };
    const grades = await gradeGiven(engine, subject, rollouts, own, hooks);
    const name = graderName({ subject, grader: { kind: 'subject', config: own } });
    audited.push({ grader: auditGrader(name, answers, grades), grades });
  }
  return audited;
}
