import { z } from 'zod';
import { filterSchema } from '../domain/filter';
import { graderSchema } from '../domain/recipe/grader';
import { samplingSchema } from '../domain/recipe/sampling';

/** Whose answers, or whose grades: the open model, or what a run had learned at a checkpoint. */
const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('openModel') }),
  z.object({ kind: z.literal('checkpoint'), runId: z.string().min(1), step: z.number().int().nonnegative() }),
]);
export type EvaluationSubject = z.infer<typeof subjectSchema>;

const mode = graderSchema.shape.mode.unwrap().default('verdict');
const seed = z.number().int().min(0).max(0xffffffff).default(1);

/** How an evaluation is made. The defaults of the page's form and of the command line. */
export const evaluationSettingsSchema = z.object({
  /** Of the run's own data for a checkpoint, else of the open data, split by seed and share. */
  split: z.enum(['heldOut', 'train', 'all']).default('heldOut'),
  /** Share of the open data that is held out by seed. */
  heldOutShare: z.number().min(0).max(0.9).default(0.1),
  /** Of the open data; a run's own is filtered already. */
  filter: filterSchema.optional(),
  /**
   * The model as it answers, the weights that its run started from, or a teacher. Frozen by default: it grades all
   * checkpoints alike, and a trained model may have become a softer grader of itself.
   */
  grader: z.enum(['self', 'frozen', 'teacher']).default('frozen'),
  mode,
  /** Answers per prompt. */
  answers: z.number().int().min(1).max(64).default(1),
  /** Prompts at most, drawn by seed. A hundred tell scores apart that differ by about 0.1. */
  prompts: z.number().int().min(1).max(100_000).default(100),
  /** As long as the recipes' own answers: a shorter limit cuts them, which costs points. */
  maxNewTokens: z.number().int().min(1).max(32_768).default(samplingSchema.parse({}).maxNewTokens),
  temperature: z.number().min(0).max(5).default(1),
  seed,
  /**
   * Also answers with the weights that the run started from, graded by the same grader, and compares. For a trained
   * model only.
   */
  withStart: z.boolean().default(true),
});
export type EvaluationSettings = z.infer<typeof evaluationSettingsSchema>;
export const EVALUATION_DEFAULTS: EvaluationSettings = evaluationSettingsSchema.parse({});

export const evaluationRequestSchema = evaluationSettingsSchema.extend({ subject: subjectSchema });
export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;

/** How a grader is audited on answers with known verdicts. The same defaults for page and command line. */
export const auditSettingsSchema = z.object({
  mode,
  /** Answers at most, drawn by seed. */
  limit: z.number().int().min(1).max(1_000_000).default(500),
  seed,
});
export type AuditSettings = z.infer<typeof auditSettingsSchema>;
export const AUDIT_DEFAULTS: AuditSettings = auditSettingsSchema.parse({});

export const auditRequestSchema = auditSettingsSchema.extend({
  subject: subjectSchema,
  /** HealthBench meta-evaluation, or graded answers; told from its rows. */
  file: z.instanceof(File),
});
export type AuditRequest = z.infer<typeof auditRequestSchema>;
