import { z } from 'zod';
import type { Check } from '../../domain/check';
import { hasPhrase, phraseText } from './phrase';
import { itemsOf, sentencesOf, wordsOf } from './textParts';

/** What a program found: the verdict, and what it counted or did not find. */
export interface CheckResult {
  readonly met: boolean;
  readonly reason: string;
}

/** Decides a check on an answer, without what a grader does not see either (visibleAnswer). */
export function runCheck(check: Check, answer: string): CheckResult {
  switch (check.kind) {
    case 'contains':
    case 'notContains': {
      const text = phraseText(answer);
      const wanted = 'all' in check ? check.all : check.any;
      const found = wanted.filter((phrase) => hasPhrase(phrase, text));
      const missing = wanted.filter((phrase) => !found.includes(phrase));
      if ('all' in check)
        return { met: missing.length === 0, reason: missing.length === 0 ? 'Has all.' : `Lacks ${quoted(missing)}.` };
      const has = found.length > 0;
      return { met: has === (check.kind === 'contains'), reason: has ? `Has ${quoted(found)}.` : 'Has none of them.' };
    }
    case 'json':
      return jsonResult(check, answer);
    default: {
      const { kind, least = 0, most = Number.POSITIVE_INFINITY } = check;
      const counted = COUNTS[kind](answer);
      return { met: counted >= least && counted <= most, reason: `Counted ${counted}.` };
    }
  }
}

const quoted = (phrases: readonly string[]): string => phrases.map((phrase) => `“${phrase}”`).join(', ');

const COUNTS = {
  words: (answer: string) => wordsOf(answer).length,
  sentences: (answer: string) => sentencesOf(answer).length,
  items: (answer: string) => itemsOf(answer).length,
  characters: (answer: string) => [...answer].length,
};

const FENCED = /^```(?:json)?[ \t]*\n([\s\S]*?)\n?```$/;

/** The whole answer, or what is between its fences. */
function jsonResult({ schema }: Extract<Check, { kind: 'json' }>, answer: string): CheckResult {
  const text = answer.trim();
  let value: unknown;
  try {
    value = JSON.parse(FENCED.exec(text)?.[1] ?? text);
  } catch {
    return { met: false, reason: 'Is not JSON.' };
  }
  const parsed = schema ? compiled(schema).safeParse(value) : null;
  if (!parsed || parsed.success) return { met: true, reason: 'Is JSON.' };
  const { path, message } = parsed.error.issues[0]!;
  return { met: false, reason: `Is JSON, but ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.` };
}

const schemas = new WeakMap<object, z.ZodType>();

function compiled(schema: Readonly<Record<string, unknown>>): z.ZodType {
  const known = schemas.get(schema);
  if (known) return known;
  const made = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  schemas.set(schema, made);
  return made;
}
