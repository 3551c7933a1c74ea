import { z } from 'zod';

const PHRASES = 50;
const PHRASE_LENGTH = 200;
const SCHEMA_LENGTH = 10_000;

const ALTERNATIVE = /^(#|[\p{L}\p{M}\p{N}'’*]+)$/u;
/** What a regular expression is made of is refused, so that nobody takes a phrase for one. */
const PLAIN = /^[\p{L}\p{M}\p{N}'’.,:;/%&°!-]*[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.,:;/%&°!-]*$/u;

/** A part of a phrase that cannot be read; null when all can. */
function badPart(phrase: string): string | null {
  const parts = phrase.trim().split(/\s+/);
  const words = parts.filter((part) => !isGap(part));
  if (words.length === 0 || isGap(parts[0]!) || isGap(parts.at(-1)!)) return phrase;
  return words.find((part) => part.split('|').some((word) => !readable(word, part.includes('|')))) ?? null;
}

const readable = (word: string, oneOfSeveral: boolean): boolean =>
  ALTERNATIVE.test(word) || (!oneOfSeveral && PLAIN.test(word));

/** Up to five words of the same sentence. */
export const isGap = (part: string): boolean => part === '...' || part === '…';

/**
 * Words in a row within one sentence, in any case: `hydrat*` begins so, `ring|call|phone` is one of several, `#` is a
 * number, `…` leaves up to five words out. Not a regular expression, so that no file can make matching slow.
 */
const phraseSchema = z
  .string()
  .max(PHRASE_LENGTH)
  .refine((phrase) => phrase.trim() !== '' && badPart(phrase) === null, {
    error: ({ input }) => `cannot be read as a phrase near ${JSON.stringify(badPart(String(input)))}`,
  });

const phrases = z.array(phraseSchema).min(1).max(PHRASES);

const count = z.number().int().min(0).max(1_000_000);
const countCheck = <K extends string>(kind: K) =>
  z
    .strictObject({ kind: z.literal(kind), least: count.optional(), most: count.optional() })
    .refine(({ least, most }) => least !== undefined || most !== undefined, 'needs least or most')
    .refine(({ least = 0, most = Number.POSITIVE_INFINITY }) => least <= most, 'has least above most');

/** JSON Schema without what can be slow or leave the file: no patterns, formats or references. */
export const SCHEMA_KEYWORDS = new Set(
  (
    'type properties required items enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength ' +
    'maxLength minItems maxItems additionalProperties anyOf oneOf allOf title description default'
  ).split(' '),
);
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const DEEPEST = 20;

/** Why a JSON schema cannot be used; null when it can. */
function schemaProblem(schema: unknown, depth = 0): string | null {
  if (typeof schema === 'boolean') return null;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 'is no JSON schema';
  if (depth > DEEPEST) return `is deeper than ${DEEPEST} levels`;
  const fields = schema as Record<string, unknown>;
  const unknown = Object.keys(fields).find((key) => !SCHEMA_KEYWORDS.has(key));
  if (unknown !== undefined) return `has the keyword ${JSON.stringify(unknown.slice(0, 40))}, which checks do not have`;
  const types = fields.type === undefined ? [] : [fields.type].flat();
  if (!types.every((type) => TYPES.has(type as string))) return 'has an unknown type';
  const inner = [
    ...Object.values((fields.properties ?? {}) as Record<string, unknown>),
    ...['items', 'additionalProperties'].flatMap((key) => (fields[key] === undefined ? [] : [fields[key]])),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((key) => (fields[key] ?? []) as unknown[]),
  ];
  return inner.map((part) => schemaProblem(part, depth + 1)).find((problem) => problem !== null) ?? null;
}

const jsonSchema = z
  .record(z.string(), z.unknown())
  .refine((schema) => JSON.stringify(schema).length <= SCHEMA_LENGTH, `is longer than ${SCHEMA_LENGTH} characters`)
  .refine((schema) => schemaProblem(schema) === null, { error: ({ input }) => schemaProblem(input) ?? 'is unusable' });

/** A criterion that a program decides. Met when it holds of the answer as a reader sees it. */
export const checkSchema = z.union([
  z.strictObject({ kind: z.literal('contains'), any: phrases }),
  z.strictObject({ kind: z.literal('contains'), all: phrases }),
  z.strictObject({ kind: z.literal('notContains'), any: phrases }),
  countCheck('words'),
  countCheck('sentences'),
  countCheck('items'),
  countCheck('characters'),
  z.strictObject({ kind: z.literal('json'), schema: jsonSchema.optional() }),
]);
export type Check = z.infer<typeof checkSchema>;

const UNITS = { words: 'words', sentences: 'sentences', items: 'list items', characters: 'characters' } as const;

/** A check in words: "at most 60 words". */
export function checkText(check: Check): string {
  switch (check.kind) {
    case 'contains':
      return 'any' in check ? `contains ${listed(check.any, 'or')}` : `contains ${listed(check.all, 'and')}`;
    case 'notContains':
      return `does not contain ${listed(check.any, 'or')}`;
    case 'json':
      return check.schema ? 'is JSON that fits the schema' : 'is JSON';
    default: {
      const { kind, least, most } = check;
      if (least === most) return `exactly ${least} ${UNITS[kind]}`;
      if (least === undefined) return `at most ${most} ${UNITS[kind]}`;
      return most === undefined ? `at least ${least} ${UNITS[kind]}` : `${least} to ${most} ${UNITS[kind]}`;
    }
  }
}

const listed = (texts: readonly string[], last: 'or' | 'and'): string => {
  const quoted = texts.map((text) => `“${text}”`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)}`;
};
