import { z } from 'zod';
import { derive } from '../random';

const pathSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^.]+(\.[^.]+)*$/, 'is not a path like reward.rubrics');

/**
 * The fields of an example in another rubric file. Each value is a field's name, or a path through objects and lists
 * (`reward_model.rubrics`, `messages.0.content`); `criterion`, `points` and `tags` are fields of each rubric item.
 */
export const mappingSchema = z.strictObject({
  /** A prompt as text, or a list of messages with role and content. */
  prompt: pathSchema,
  /** A list of objects or texts, or such a list written as JSON text. */
  rubric: pathSchema,
  criterion: pathSchema.default('criterion'),
  /** An item without this field counts 1 point. */
  points: pathSchema.default('points'),
  tags: pathSchema.optional(),
  /** Rows without an id are named by their prompt. */
  id: pathSchema.optional(),
  /** A model answer, for comparison and warm start. */
  ideal: pathSchema.optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** `prompt=question,rubric=reward.rubrics,points=weight` as a mapping. Throws an Error with the reason. */
export function parseMapping(text: string): Mapping {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Error(`${JSON.stringify(pair)} is not name=column`);
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  const parsed = mappingSchema.safeParse(Object.fromEntries(pairs));
  if (parsed.success) return parsed.data;
  const { path, message, code } = parsed.error.issues[0]!;
  const names = Object.keys(mappingSchema.shape).join(', ');
  if (code === 'unrecognized_keys') throw new Error(`${message}: the names are ${names}`);
  throw new Error(`${path.join('.')}: ${message} (the names are ${names})`);
}

/** A row's fields under HealthBench's names; parseRow checks them like any other row. */
export function mapFields(fields: Record<string, unknown>, mapping: Mapping): Record<string, unknown> {
  const prompt = valueAt(fields, mapping.prompt);
  const messages = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const id = mapping.id === undefined ? undefined : valueAt(fields, mapping.id);
  const ideal = mapping.ideal === undefined ? undefined : valueAt(fields, mapping.ideal);
  return {
    prompt: messages,
    prompt_id: typeof id === 'number' ? String(id) : (id ?? nameOf(messages)),
    rubrics: rubricItems(valueAt(fields, mapping.rubric), mapping),
    example_tags: [],
    ideal_completions_data: typeof ideal === 'string' ? { ideal_completion: ideal } : null,
  };
}

function rubricItems(found: unknown, mapping: Mapping): unknown {
  const list = typeof found === 'string' ? parsedList(found) : found;
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => {
    if (typeof item === 'string') return { criterion: item, points: 1 };
    const points = valueAt(item, mapping.points) ?? 1;
    return {
      criterion: valueAt(item, mapping.criterion),
      points: typeof points === 'string' && points.trim() !== '' ? Number(points) : points,
      tags: mapping.tags === undefined ? [] : valueAt(item, mapping.tags),
    };
  });
}

function parsedList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // the row's check reports it
  }
}

/** What stands at a path; undefined where nothing does. */
export const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (within, key) =>
        typeof within === 'object' && within !== null && Object.hasOwn(within, key)
          ? (within as Record<string, unknown>)[key]
          : undefined,
      value,
    );

/** The same prompt has the same name in every file. */
function nameOf(prompt: unknown): string {
  const text = JSON.stringify(prompt) ?? '';
  const word = (seed: number) => derive(seed, 'row', text).toString(16).padStart(8, '0');
  return `row-${word(1)}${word(2)}`;
}
