import { z } from 'zod';
import { parseAnswer, type RecordedAnswer } from '../domain/answerRecord';
import { checkSchema } from '../domain/check';
import { type Criterion, type Example, type Message, messageSchema, pointsSchema } from '../domain/example';
import { type Mapping, mapFields } from './mapping';
import { type Reading, readingOf } from './reading';

/** A meta-eval row (simple-evals healthbench_meta_eval.py): one answer, one criterion, the physicians' verdicts. */
export interface MetaEvalRow {
  readonly promptId: string;
  readonly prompt: readonly Message[];
  readonly completion: string;
  readonly criterion: string;
  /** One verdict per physician. */
  readonly labels: readonly boolean[];
  /** The physician of each label; null if the file does not say. */
  readonly physicians: readonly string[] | null;
  readonly category: string;
}

export type Row =
  | {
      readonly kind: 'example';
      readonly example: Example;
      /** From files preprocessed by the method's script; null otherwise. */
      readonly hard: boolean | null;
      /** The row carries HealthBench's canary or tags. */
      readonly healthBench: boolean;
      /** The row is in HealthBench Professional's layout. */
      readonly professional: boolean;
    }
  /** An example without a rubric, which a model may write. */
  | { readonly kind: 'withoutRubric'; readonly example: Example; readonly hard: boolean | null }
  | { readonly kind: 'metaEval'; readonly row: MetaEvalRow }
  /** An answer with recorded verdicts: of a run's rollouts, an evaluation or simple-evals. */
  | { readonly kind: 'graded'; readonly answer: RecordedAnswer }
  | { readonly kind: 'bad'; readonly reason: string };

const bad = (reason: string): Row => ({ kind: 'bad', reason });

const promptSchema = z.array(messageSchema).min(1);

const criterionSchema = z.object({
  // Kept as the file has it; what joins by it compares without the spaces around it.
  criterion: z.string().refine((text) => text.trim() !== '', 'is empty'),
  points: pointsSchema,
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  check: checkSchema.nullish().transform((check) => check ?? undefined),
});

const exampleSchema = z.object({
  prompt_id: z.string().min(1),
  prompt: promptSchema,
  rubrics: z.array(criterionSchema),
  example_tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  ideal_completions_data: z.object({ ideal_completion: z.string().nullish() }).nullish(),
  canary: z.string().nullish(),
  is_hard: z.boolean().nullish(),
});

const PROFESSIONAL_TAGS = ['use_case', 'type', 'difficulty', 'specialty'] as const;
const tag = z.string().nullish();

/** A row of openai/healthbench-professional. */
const professionalSchema = z.object({
  id: z.string().min(1),
  conversation: z.union([z.array(z.unknown()), z.object({ messages: z.array(z.unknown()) })]),
  rubric_items: z.array(z.object({ criterion_text: z.string(), points: z.unknown() })).min(1),
  physician_response: z.string().nullish(),
  use_case: tag,
  type: tag,
  difficulty: tag,
  specialty: tag,
});

const metaEvalSchema = z.object({
  prompt_id: z.string().min(1),
  prompt: promptSchema,
  completion: z.string(),
  rubric: z.string().min(1),
  binary_labels: z.array(z.boolean()).min(1),
  anonymized_physician_ids: z.array(z.string()).nullish(),
  category: z
    .string()
    .nullish()
    .transform((category) => category ?? ''),
});

/**
 * Reads one line of HealthBench JSONL, in the official layout or the method's preprocessed one (rubrics under
 * `metadata`); with a mapping, a line of any other rubric file.
 */
export const parseRow = (text: string, mapping?: Mapping): Row => readRow(text, mapping).row;

/** … and what reading did to it. */
export function readRow(text: string, mapping?: Mapping): { readonly row: Row; readonly reading: readonly Reading[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : 'cannot be parsed';
    return { row: bad(`bad JSON: ${reason}`), reading: [] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { row: bad('the line is not a JSON object'), reading: [] };
  const fields = value as Record<string, unknown>;
  const row = rowOf(fields, mapping);
  if ('example' in row) return { row, reading: readingOf(fields, row.example, mapping) };
  const ids = row.kind === 'metaEval' && fields.anonymized_physician_ids;
  return { row, reading: ids && row.kind === 'metaEval' && !row.row.physicians ? ['physicians'] : [] };
}

function rowOf(fields: Record<string, unknown>, mapping: Mapping | undefined): Row {
  if (mapping) {
    const row = exampleRow(mapFields(fields, mapping));
    return row.kind === 'withoutRubric' ? bad('missing field rubrics') : row; // the mapping names its column
  }
  if (!('completion' in fields)) return 'conversation' in fields ? professionalRow(fields) : exampleRow(fields);
  if ('binary_labels' in fields) return metaEvalRow(fields);
  return 'criteria' in fields || 'verdicts' in fields || 'rubric_items' in fields
    ? gradedRow(fields)
    : exampleRow(fields);
}

function gradedRow(fields: Record<string, unknown>): Row {
  try {
    return { kind: 'graded', answer: parseAnswer(fields) };
  } catch (error) {
    return bad((error as Error).message);
  }
}

function exampleRow(fields: Record<string, unknown>): Row {
  const metadata = fields.metadata as { rubrics?: unknown } | null | undefined;
  const rubrics = fields.rubrics ?? metadata?.rubrics ?? [];
  const parsed = exampleSchema.safeParse({ ...fields, rubrics });
  if (!parsed.success) return bad(reasonOf(parsed.error, { ...fields, rubrics }));
  const row = parsed.data;
  if (row.prompt.at(-1)?.role !== 'user') return bad('the last message is not from the user');
  const hard = row.is_hard ?? null;
  const example: Example = {
    promptId: row.prompt_id,
    prompt: row.prompt,
    rubrics: row.rubrics,
    exampleTags: row.example_tags,
    idealCompletion: row.ideal_completions_data?.ideal_completion ?? null,
  };
  if (row.rubrics.length === 0) return { kind: 'withoutRubric', example, hard };
  if (!row.rubrics.some(({ points }) => points > 0)) return bad('no criterion has positive points');
  const healthBench = row.canary?.startsWith('healthbench:') === true || hasHealthBenchTags(row.rubrics);
  return { kind: 'example', hard, healthBench, professional: false, example };
}

/**
 * HealthBench Professional's fields under HealthBench's names: `conversation` (messages, or an object that has them),
 * `rubric_items`, `id`.
 */
function professionalRow(fields: Record<string, unknown>): Row {
  const parsed = professionalSchema.safeParse(fields);
  if (!parsed.success) return bad(reasonOf(parsed.error, fields));
  const { id, conversation, rubric_items, physician_response } = parsed.data;
  const row = exampleRow({
    prompt_id: id,
    prompt: Array.isArray(conversation) ? conversation : conversation.messages,
    rubrics: rubric_items.map(({ criterion_text, points }) => ({ criterion: criterion_text, points })),
    example_tags: PROFESSIONAL_TAGS.flatMap((name) => (parsed.data[name] ? [`${name}:${parsed.data[name]}`] : [])),
    ideal_completions_data: { ideal_completion: physician_response },
  });
  return row.kind === 'example' ? { ...row, professional: true } : row;
}

function metaEvalRow(fields: Record<string, unknown>): Row {
  const parsed = metaEvalSchema.safeParse(fields);
  if (!parsed.success) return bad(reasonOf(parsed.error, fields));
  const { prompt_id, prompt, completion, rubric, binary_labels, category } = parsed.data;
  const ids = parsed.data.anonymized_physician_ids;
  const physicians = ids?.length === binary_labels.length ? ids : null;
  return {
    kind: 'metaEval',
    row: { promptId: prompt_id, prompt, completion, criterion: rubric, labels: binary_labels, physicians, category },
  };
}

const hasHealthBenchTags = (rubrics: readonly Criterion[]) =>
  rubrics.every(({ tags }) => tags.some((tag) => tag.startsWith('level:')));

/** The first problem, with its place: `rubrics[2].points is 0, …`. */
function reasonOf({ issues }: z.ZodError, fields: Record<string, unknown>): string {
  const { path, message, code } = issues[0]!;
  const place = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`),
    '',
  );
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], fields);
  if (value === undefined || value === null) return `missing field ${place}`;
  if (path.at(-1) === 'role') return `unknown role ${JSON.stringify(value).slice(0, 40)} in ${place}`;
  if (Array.isArray(value) && value.length === 0) return `${place} is empty`;
  return code === 'custom' ? `${place} ${message}` : `${place}: ${message}`;
}
