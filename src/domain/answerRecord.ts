import { z } from 'zod';
import { type Check, checkSchema } from './check';
import { type Criterion, type Example, messageSchema, pointsSchema } from './example';
import type { CriterionGrade, Grade } from './verdict';

/** An answer with its grades. */
export interface GradedAnswer {
  readonly example: Example;
  readonly completion: string;
  readonly grade: Grade;
  /** Length of the answer in tokens; null where only its text is known. */
  readonly tokens: number | null;
}

/** A graded answer as evaluations keep and compare it. */
export interface EvaluatedAnswer extends GradedAnswer {
  readonly finish: 'stop' | 'length' | 'aborted' | null;
  /** Who graded, in words; null where a file does not say. */
  readonly grader: string | null;
}

/**
 * A graded answer as a file has it: its own, a run's rollouts, recorded verdicts, or a row of simple-evals' allresults.
 */
export interface RecordedAnswer {
  readonly promptId: string;
  readonly completion: string;
  readonly verdicts: readonly (CriterionGrade & {
    criterion: string;
    points: number | null;
    tags: readonly string[];
    /** Given with every criterion that a program decided. */
    check?: Check | undefined;
  })[];
  /** What the line knows of its example; without it the data file must have the prompt. */
  readonly prompt: Example['prompt'] | null;
  readonly exampleTags: readonly string[];
  readonly tokens: number | null;
  readonly finish: EvaluatedAnswer['finish'];
  readonly grader: string | null;
}

const messages = z.array(messageSchema);
const strings = z.array(z.string());

const verdictSchema = z
  .object({
    criterion: z.string().refine((text) => text.trim() !== '', 'is empty'),
    points: pointsSchema.nullish(),
    tags: strings.nullish(),
    verdict: z.enum(['met', 'notMet', 'ungraded']).nullish(),
    criteria_met: z.boolean().nullish(),
    explanation: z.string().nullish(),
    confidence: z.number().min(0).max(1).nullish(),
    failure: z.string().nullish(),
    check: checkSchema.nullish(),
  })
  .refine(
    ({ verdict, criteria_met }) => verdict != null || criteria_met !== undefined,
    'has neither verdict nor criteria_met',
  );

const lineSchema = z.object({
  promptId: z.string().min(1),
  completion: z.string(),
  verdicts: z.array(verdictSchema).min(1),
  prompt: messages.min(1).nullish(),
  exampleTags: strings.nullish(),
  tokens: z.number().int().min(0).nullish(),
  finish: z.enum(['stop', 'length', 'aborted']).nullish(),
  grader: z.string().nullish(),
});

/** Reads one graded answer in any of the layouts; throws an Error that says what is missing. */
export function parseAnswer(value: unknown): RecordedAnswer {
  if (typeof value !== 'object' || value === null) throw new Error('is no JSON object');
  const fields = value as Record<string, unknown>;
  const { completion } = fields;
  const parsed = lineSchema.safeParse({
    promptId: fields.prompt_id ?? fields.promptId,
    completion: Array.isArray(completion)
      ? (completion.at(-1) as { content?: unknown } | undefined)?.content
      : completion,
    verdicts: fields.criteria ?? fields.verdicts ?? fields.rubric_items,
    prompt: fields.prompt,
    exampleTags: fields.example_tags ?? fields.exampleTags,
    tokens: fields.tokens ?? fields.completionTokens,
    finish: fields.finish,
    grader: fields.grader,
  });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`${path.join('.')}: ${message}`);
  }
  const { verdicts, prompt, exampleTags, tokens, finish, grader, ...rest } = parsed.data;
  return {
    ...rest,
    prompt: prompt ?? null,
    exampleTags: exampleTags ?? [],
    tokens: tokens ?? null,
    finish: finish ?? null,
    grader: grader ?? null,
    verdicts: verdicts.map(({ criterion, points, tags, verdict, criteria_met, ...given }) => ({
      criterion,
      points: points ?? null,
      tags: tags ?? [],
      verdict: verdict ?? (criteria_met == null ? 'ungraded' : criteria_met ? 'met' : 'notMet'),
      explanation: given.explanation ?? '',
      confidence: given.confidence ?? null,
      failure: given.failure ?? null,
      ...(given.check && { check: given.check, by: 'program' as const }),
    })),
  };
}

const MISSING: CriterionGrade = {
  verdict: 'ungraded',
  explanation: '',
  confidence: null,
  failure: 'no recorded verdict',
};

/**
 * The answer with the rubric of its example, verdicts found by the criterion's words. A criterion without one is
 * ungraded. Without an example the line must bring prompt and points itself. Throws an Error with the reason when the
 * answer cannot be used.
 */
export function joinExample(answer: RecordedAnswer, example: Example | undefined): EvaluatedAnswer {
  const { completion, tokens, finish, grader } = answer;
  const known = example ?? ownExample(answer);
  const left = [...answer.verdicts];
  const grade = known.rubrics.map(({ criterion }): CriterionGrade => {
    const at = left.findIndex((verdict) => verdict.criterion.trim() === criterion.trim());
    if (at < 0) return MISSING;
    const [{ verdict, explanation, confidence, failure, by } = MISSING] = left.splice(at, 1);
    return { verdict, explanation, confidence, failure, ...(by && { by }) };
  });
  if (left.length > 0)
    throw new Error(
      `the rubric of ${answer.promptId} has no criterion ${JSON.stringify(left[0]!.criterion.slice(0, 60))}`,
    );
  return { example: known, completion, grade, tokens, finish, grader };
}

function ownExample({ promptId, prompt, exampleTags, verdicts }: RecordedAnswer): Example {
  if (!prompt) throw new Error(`prompt ${promptId} is not in the data`);
  const rubrics = verdicts.map(({ criterion, points, tags, check }): Criterion => {
    if (points === null || points === 0)
      throw new Error(`prompt ${promptId} is not in the data, and its verdicts have no points`);
    return { criterion, points, tags, ...(check && { check }) };
  });
  return { promptId, prompt, rubrics, exampleTags, idealCompletion: null };
}

/** The line of answers.jsonl: everything that scoring it again needs. */
export const answerLine = (
  { example, completion, grade, tokens, finish, grader }: EvaluatedAnswer,
  score: number | null,
) => ({
  prompt_id: example.promptId,
  example_tags: example.exampleTags,
  prompt: example.prompt,
  completion,
  tokens,
  finish,
  grader,
  score,
  criteria: example.rubrics.map(({ criterion, points, tags, check }, c) => {
    const { by, ...own } = grade[c]!;
    return { criterion, points, tags, ...(by === 'program' ? { check } : by && { by }), ...own };
  }),
});
