import type { CriterionGrade } from '../domain/verdict';
import { partOf } from '../domain/workContext';
import { derive } from '../random';
import type { ChatText } from '../text/chatText';
import { decide, majority } from './decide';
import type { ModeContext, ModeOptions } from './graderModel';
import { concat, type GradingRequest } from './gradingRequest';

const OPENING = '{"explanation": "';
/** Up to the verdict. The explanation is escaped, so the frame is always sound JSON. */
const frame = (explanation: string): string => `{"explanation": ${JSON.stringify(explanation)}, "criteria_met":`;

/**
 * Well-formed JSON from models too small to write it: the frame is given, the model writes the explanation up to its
 * closing quote, and the verdict is read from the logits of true and false.
 */
export async function gradeForced(
  requests: readonly GradingRequest[],
  options: ModeOptions,
  context: ModeContext,
): Promise<CriterionGrade[]> {
  const { model, text, config, adapter } = options;
  const size = requests.length;
  const total = 2 * size;
  const opening = text.encode(OPENING);
  const generations = await model.generate(
    requests.map(({ tokens, seed }) => ({ tokens: concat(tokens, opening), seed })),
    {
      sampling: config.sampling,
      endTokens: model.config.endTokens,
      stopTokens: tokensWithQuote(text),
      adapter,
    },
    { ...partOf(context, { before: 0, size, total }), onTokens: context.onTokens },
  );
  context.signal?.throwIfAborted();
  const explanations = generations.map(({ tokens }) => {
    const written = text.decode(Int32Array.from(tokens)).split('"')[0]!;
    return written.replace(/\\$/, '').trim(); // a quote inside was escaped: the explanation ends there all the same
  });
  const { onGrade, onTokens } = context;
  return readVerdicts(requests, explanations, options, {
    ...partOf(context, { before: size, size, total }),
    onGrade,
    onTokens,
  });
}

/** As above for the votes of a recipe that has them: every vote writes a reason of its own. */
export async function gradeForcedVotes(
  requests: readonly GradingRequest[],
  { config, ...options }: ModeOptions,
  context: ModeContext,
): Promise<CriterionGrade[]> {
  const { votes, sampling } = config;
  if (config.verdict !== 'votes' || sampling.temperature === 0)
    return gradeForced(requests, { config, ...options }, context);
  const ballots = requests.flatMap((request) =>
    Array.from({ length: votes }, (_, vote) => ({ ...request, seed: derive(request.seed, 'ballot', vote) })),
  );
  const cast: CriterionGrade[][] = requests.map(() => []);
  const drawn = { ...options, config: { ...config, verdict: 'drawn' as const } };
  await gradeForced(ballots, drawn, {
    ...context,
    onGrade: (i, grade) => {
      const at = Math.floor(i / votes);
      if (cast[at]!.push(grade) === votes) context.onGrade(at, majority(cast[at]!));
    },
    onTokens: (i, tokens) => i % votes === 0 && context.onTokens(i / votes, tokens),
  });
  return cast.map(majority);
}

/** Only the verdict, read from the logits after an empty explanation: nothing is decoded. */
export function gradeVerdict(
  requests: readonly GradingRequest[],
  options: ModeOptions,
  context: ModeContext,
): Promise<CriterionGrade[]> {
  const explanations = requests.map(() => '');
  return readVerdicts(requests, explanations, options, context);
}

async function readVerdicts(
  requests: readonly GradingRequest[],
  explanations: readonly string[],
  { model, text, config, adapter }: ModeOptions,
  context: ModeContext,
): Promise<CriterionGrade[]> {
  const total = requests.length;
  const framed = requests.map(({ tokens }, i) => {
    const { prefix, whenTrue, whenFalse } = verdictForms(text, frame(explanations[i]!));
    return { index: i, tokens: concat(tokens, prefix), whenTrue, whenFalse };
  });
  const grades: CriterionGrade[] = new Array(total);
  const settle = (index: number, grade: CriterionGrade) => {
    grades[index] = grade;
    context.onGrade(index, grade);
  };
  // Escaped as JSON and tokenized again, an explanation can be longer than the model wrote it.
  const fitting = framed.filter(({ index, tokens }) => {
    const fits = tokens.length < model.contextLength;
    if (!fits) settle(index, explanationTooLong(explanations[index]!));
    return fits;
  });
  // The forms of true and false are nearly always the same for all; a tokenizer that joins them with the text before
  // needs calls of their own.
  const groups = new Map<string, typeof framed>();
  for (const request of fitting) {
    const key = `${request.whenTrue} ${request.whenFalse}`;
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  let done = total - fitting.length;
  for (const group of groups.values()) {
    const { whenTrue, whenFalse } = group[0]!;
    const read = (i: number, logprobs: Float32Array) => {
      const { index } = group[i]!;
      const confidence = confidenceOf(logprobs, whenTrue.length);
      const explanation = explanations[index]!;
      const grade: CriterionGrade = Number.isFinite(confidence)
        ? { ...decide(confidence, config, requests[index]!.seed), explanation, confidence, failure: null }
        : { verdict: 'ungraded', explanation, confidence: null, failure: NO_PROBABILITY };
      settle(index, grade);
    };
    const logprobs = await model.score(
      group.map(({ tokens }) => tokens),
      [...whenTrue, ...whenFalse],
      { adapter },
      { ...partOf(context, { before: done, size: group.length, total }), onScores: read },
    );
    context.signal?.throwIfAborted();
    logprobs.forEach((own, i) => {
      if (!grades[group[i]!.index]) read(i, own); // a model in another thread does not report onScores
    });
    done += group.length;
    context.onProgress?.(done, total);
  }
  return grades;
}

const explanationTooLong = (explanation: string): CriterionGrade => ({
  verdict: 'ungraded',
  explanation,
  confidence: null,
  failure: 'the explanation leaves no room for the verdict',
});

/** The tokens that can follow the frame as true or as false, and the tokens before them. */
export function verdictForms(text: ChatText, before: string) {
  const forms = [' ', ''].map((space) =>
    split(text.encode(`${before}${space}true`), text.encode(`${before}${space}false`)),
  );
  const { prefix } = forms[0]!;
  const same = forms.filter((form) => form.prefix.join() === prefix.join());
  return {
    prefix,
    whenTrue: [...new Set(same.map((form) => form.whenTrue))],
    whenFalse: [...new Set(same.map((form) => form.whenFalse))],
  };
}

/** The tokens that two sequences share, and the first that differs in each. */
function split(a: Int32Array, b: Int32Array) {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const [whenTrue, whenFalse] = [a[common], b[common]];
  if (whenTrue === undefined || whenFalse === undefined) {
    throw new Error('this tokenizer has no separate tokens for true and false: use json mode');
  }
  return { prefix: a.slice(0, common), whenTrue, whenFalse };
}

/** p(true) / (p(true) + p(false)) over the forms of each. */
function confidenceOf(logprobs: Float32Array, trueForms: number): number {
  const probability = (part: Float32Array) => part.reduce((sum, logprob) => sum + Math.exp(logprob), 0);
  const yes = probability(logprobs.subarray(0, trueForms));
  return yes / (yes + probability(logprobs.subarray(trueForms)));
}

const NO_PROBABILITY = 'the probabilities of true and false are not numbers';

const bitsets = new WeakMap<ChatText, Uint32Array>();

/** (⌈V / 32⌉) tokens whose text contains a quotation mark. */
export function tokensWithQuote(text: ChatText): Uint32Array {
  const known = bitsets.get(text);
  if (known) return known;
  const bits = new Uint32Array(Math.ceil(text.tokenTexts.length / 32));
  text.tokenTexts.forEach((piece, token) => {
    if (piece.includes('"')) bits[token >>> 5]! |= 1 << (token & 31);
  });
  bitsets.set(text, bits);
  return bits;
}
