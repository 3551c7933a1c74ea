import { z } from 'zod';

const tokenSchema = z.object({
  token: z.string(),
  logprob: z.number().max(0.001),
  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number().max(0.001) })).max(100),
});

/**
 * Logprobs of a reply's tokens with their alternatives (OpenAI chat completions). What is not in this form counts as
 * none: they are an extra.
 */
export const logprobsSchema = z
  .object({ content: z.array(tokenSchema) })
  .nullish()
  .catch(null)
  .transform((logprobs) => logprobs?.content ?? null);
export type TokenLogprobs = NonNullable<z.infer<typeof logprobsSchema>>;

/**
 * p(true) / (p(true) + p(false)) of the verdict in a grader's reply, from the alternatives at its token: what is not
 * among them counts nothing. Null when the tokens do not show where the verdict `met` was written.
 */
export function verdictConfidence(tokens: TokenLogprobs, met: boolean): number | null {
  const text = tokens.map(({ token }) => token).join('');
  const found = [...text.matchAll(/criteria_met["']?\s*:\s*(true|false)\b/gi)].at(-1);
  if (!found || (found[1]!.toLowerCase() === 'true') !== met) return null;
  const start = found.index + found[0].length - found[1]!.length;
  let end = 0;
  const token = tokens.find((own) => {
    end += own.token.length;
    return end > start;
  })!;
  const written = new Map([token, ...token.top_logprobs].map((own) => [own.token, Math.exp(own.logprob)]));
  const mass = { true: 0, false: 0 };
  for (const [spelling, probability] of written) {
    const word = wordOf(spelling);
    if (word) mass[word] += probability;
  }
  const confidence = mass.true / (mass.true + mass.false);
  return Number.isFinite(confidence) ? confidence : null;
}

/** Which word a token begins: it may bring the colon with it, and need not hold the whole word. */
function wordOf(token: string): 'true' | 'false' | null {
  const letters = /^[\s"':]*([a-z]+)/i.exec(token)?.[1]?.toLowerCase();
  if (letters === undefined) return null;
  return (['true', 'false'] as const).find((word) => word.startsWith(letters) || letters.startsWith(word)) ?? null;
}
