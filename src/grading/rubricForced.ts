import type { WorkContext } from '../domain/workContext';
import { derive } from '../random';
import type { ChatText } from '../text/chatText';
import { tokensWithQuote } from './gradeForced';
import { concat } from './gradingRequest';
import { MAX_CRITERION_CHARACTERS, readRubric, TOKENS_PER_CRITERION, type WrittenRubric } from './rubricPrompt';
import type { WriterOptions, WriterRequest } from './rubricRequest';

/** A third of the criteria describe faults. */
const isFault = (index: number, criteria: number): boolean => index >= criteria - Math.floor(criteria / 3);

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Rubrics from models too small to write JSON: the frame with the sign of the points is given, the model writes each
 * criterion up to its closing quote, and the points are the likeliest digit.
 */
export async function forcedRubrics(
  requests: readonly WriterRequest[],
  options: WriterOptions,
  { signal, onProgress }: WorkContext,
): Promise<WrittenRubric[]> {
  const { model, text, config, adapter, criteria } = options;
  const written = requests.map(() => '');
  for (let index = 0; index < criteria && requests.length > 0; index++) {
    const opened = written.map((json) => `${index === 0 ? '{"rubric": [' : `${json}, `}{"criterion": "`);
    const generations = await model.generate(
      requests.map(({ tokens, seed }, i) => ({
        tokens: concat(tokens, text.encode(opened[i]!)),
        seed: derive(seed, index),
      })),
      {
        sampling: { ...config.sampling, maxNewTokens: TOKENS_PER_CRITERION / 2 },
        endTokens: model.config.endTokens,
        stopTokens: tokensWithQuote(text),
        adapter,
      },
      { signal },
    );
    signal?.throwIfAborted();
    const sign = isFault(index, criteria) ? '-' : '';
    const framed = generations.map(({ tokens }, i) => {
      const words = text.decode(Int32Array.from(tokens)).split('"')[0]!.replace(/\\$/, '').trim();
      const criterion = JSON.stringify(words.slice(0, MAX_CRITERION_CHARACTERS)).slice(1);
      return `${opened[i]!}${criterion}, "points": ${sign}`;
    });
    const digits = await likeliestDigits(
      requests.map(({ tokens }) => tokens),
      framed,
      options,
      { signal },
    );
    framed.forEach((json, i) => {
      written[i] = `${json}${digits[i]}}`;
    });
    onProgress?.(Math.floor(((index + 1) / criteria) * requests.length), requests.length);
  }
  return written.map((json) => readRubric(`${json}]}`, criteria));
}

/** The likeliest of 1 … 9 after each text; 5 where the context has no room. */
async function likeliestDigits(
  prompts: readonly Int32Array[],
  texts: readonly string[],
  { model, text, adapter }: WriterOptions,
  { signal }: WorkContext,
): Promise<number[]> {
  const chosen = texts.map(() => 5);
  // The digits' tokens are nearly always the same for all; where a tokenizer joins them with what comes before, they
  // need calls of their own.
  const groups = new Map<string, { index: number; tokens: Int32Array; forms: readonly number[] }[]>();
  texts.forEach((before, index) => {
    const { prefix, forms } = digitForms(text, before);
    const tokens = concat(prompts[index]!, prefix);
    if (tokens.length >= model.contextLength) return;
    const key = forms.join();
    groups.set(key, [...(groups.get(key) ?? []), { index, tokens, forms }]);
  });
  for (const group of groups.values()) {
    const logprobs = await model.score(
      group.map(({ tokens }) => tokens),
      group[0]!.forms,
      { adapter },
      { signal },
    );
    signal?.throwIfAborted();
    group.forEach(({ index }, i) => {
      const best = logprobs[i]!.reduce((most, value, d, all) => (value > all[most]! ? d : most), 0);
      chosen[index] = DIGITS[best]!;
    });
  }
  return chosen;
}

/** The token of each digit after a text, and the tokens before it. */
function digitForms(text: ChatText, before: string): { prefix: Int32Array; forms: number[] } {
  const encoded = DIGITS.map((digit) => text.encode(`${before}${digit}`));
  let common = 0;
  while (encoded.every((tokens) => common < tokens.length && tokens[common] === encoded[0]![common])) common++;
  const forms = encoded.map((tokens) => tokens[common]);
  if (forms.includes(undefined) || new Set(forms).size < DIGITS.length) {
    throw new Error('this tokenizer has no separate tokens for digits: write rubrics in json mode');
  }
  return { prefix: encoded[0]!.slice(0, common), forms: forms as number[] };
}
