import type { GraderConfig } from '../../domain/recipe/grader';
import type { Grade } from '../../domain/verdict';
import { type AuditedGrader, auditGrader } from '../../evaluation/audit';
import { type Audit, auditOf, type LabelledAnswers } from '../../evaluation/auditSummary';
import type { AuditSettings } from '../../evaluation/evaluationRequest';
import { givenAnswer } from '../../rl/evaluate';
import type { Engine } from '../engine';
import { drawnLabels } from './auditFile';
import { graderConfig, graderName } from './evaluationGrader';
import { type GradingHooks, gradeGiven } from './gradeGiven';
import type { ModelUnderTest } from './modelUnderTest';

export interface AuditJob {
  readonly subject: ModelUnderTest;
  /** All labels; the settings say how many answers are drawn. */
  readonly labels: LabelledAnswers;
  readonly settings: AuditSettings;
  /** Overrides the grader prompt of the model or the run. */
  readonly template?: string | undefined;
}

export interface AuditedGrades {
  readonly grader: AuditedGrader;
  readonly grades: readonly Grade[];
}

/** An audit with everything that it was made of. */
export interface AuditResult {
  readonly audit: Audit;
  /** The labels of the answers that were drawn. */
  readonly labels: LabelledAnswers;
  readonly graded: readonly AuditedGrades[];
}

/** Audits a model as a grader; a trained one before and after training. */
export async function auditModel(
  engine: Engine,
  { subject, labels, settings, template }: AuditJob,
  madeAt: Date,
  hooks: GradingHooks = {},
): Promise<AuditResult> {
  const drawn = drawnLabels(labels, settings);
  const config = graderConfig(subject, { kind: 'self', mode: settings.mode, template });
  const graded = await runAudit(engine, subject, drawn.answers, config, { seed: settings.seed, ...hooks });
  return { audit: auditOf(drawn, graded, madeAt.toISOString(), settings.seed), labels: drawn, graded };
}

/**
 * The graders of an audit with their verdicts: the model before training and, if it was trained, after. Both get the
 * same items and the same draws.
 */
export async function runAudit(
  engine: Engine,
  subject: ModelUnderTest,
  answers: LabelledAnswers['answers'],
  config: GraderConfig,
  hooks: { seed: number } & GradingHooks,
): Promise<AuditedGrades[]> {
  const rollouts = answers.map(({ example, completion }, i) => givenAnswer(example, completion, i));
  const audited: AuditedGrades[] = [];
  for (const kind of subject.trained ? (['frozen', 'self'] as const) : (['frozen'] as const)) {
    const own = { ...config, kind };
    const grades = await gradeGiven(engine, subject, rollouts, own, hooks);
    const name = graderName({ subject, grader: { kind: 'subject', config: own } });
    audited.push({ grader: auditGrader(name, answers, grades), grades });
  }
  return audited;
}
