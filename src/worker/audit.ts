import type { GraderConfig } from '../config/run';
import { givenAnswer } from '../rl/evaluate';
import { type AuditedAnswer, type AuditedGrader, auditGrader } from '../rubric/audit';
import type { Grade } from '../rubric/verdict';
import type { Engine } from './engine';
import { graderName } from './evaluation';
import { type GradingHooks, gradeGiven } from './gradeGiven';
import type { Subject } from './subject';

/** The graders of an audit with their verdicts: the model as it is in its files, and with what it learnt, if anything. The same items, the same draws. */
export async function runAudit(
  engine: Engine,
  subject: Subject,
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
