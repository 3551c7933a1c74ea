import type { GraderConfig } from '../domain/recipe/recipe';
import type { CriterionGrade } from '../domain/verdict';
import { derive, uniform } from '../random';
import type { ChatText } from '../text/chatText';
import type { Grading } from './graderModel';
import { concat, type GradingRequest } from './gradingRequest';

const OPENING = '{"explanation": "';
/** Up to the verdict. The explanation is escaped, so the frame is always sound JSON. */
const frame = (explanation: string): string => `{"explanation": ${JSON.stringify(explanation)}, "criteria_met":`;

/**
 * Well-formed JSON from models too small to write it: the frame is given, the model writes the explanation up to its closing quote,
 * and the verdict is read from the logits of true and false.
 */
export async function gradeForced(questions: readonly GradingRequest[], grading: Grading): Promise<CriterionGrade[]> {
  const { model, text, config, adapter, signal, onProgress, onTokens } = grading;
  const total = 2 * questions.length;
  const opening = text.encode(OPENING);
  const generations = await model.generate(
    questions.map(({ tokens, seed }) => ({ tokens: concat(tokens, opening), seed })),
    {
      sampling: config.sampling,
      endTokens: model.config.endTokens,
      stopTokens: tokensWithQuote(text),
      adapter,
      ...(signal && { signal }),
      onProgress: (done, of) => onProgress(Math.floor((done / of) * questions.length), total),
      onTokens,
    },
  );
  signal?.throwIfAborted();
  const explanations = generations.map(({ tokens }) => {
    const written = text.decode(Int32Array.from(tokens)).split('"')[0]!;
    return written.replace(/\\$/, '').trim(); // a quote inside was escaped: the explanation ends there all the same
  });
  return readVerdicts(questions, explanations, grading, (done) => onProgress(questions.length + done, total));
}

/** Only the verdict, read from the logits after an empty explanation: nothing is decoded. */
export function gradeVerdict(questions: readonly GradingRequest[], grading: Grading): Promise<CriterionGrade[]> {
  const { onProgress } = grading;
  return readVerdicts(
    questions,
    questions.map(() => ''),
    grading,
    (done) => onProgress(done, questions.length),
  );
}

async function readVerdicts(
  questions: readonly GradingRequest[],
  explanations: readonly string[],
  { model, text, config, adapter, signal, onGrade }: Grading,
  onProgress: (done: number) => void,
): Promise<CriterionGrade[]> {
  const asked = questions.map(({ tokens }, i) => {
    const { prefix, whenTrue, whenFalse } = verdictForms(text, frame(explanations[i]!));
    return { index: i, tokens: concat(tokens, prefix), whenTrue, whenFalse };
  });
  const grades: CriterionGrade[] = new Array(questions.length);
  const settle = (index: number, grade: CriterionGrade) => {
    grades[index] = grade;
    onGrade(index, grade);
  };
  // Spelt out as JSON and cut into tokens anew, what a model babbled can be longer than what it wrote.
  const fitting = asked.filter(({ index, tokens }) => {
    const fits = tokens.length < model.contextLength;
    if (!fits) settle(index, tooLongToAsk(explanations[index]!));
    return fits;
  });
  // The forms of true and false are nearly always the same for all; where a tokenizer joins them with what comes before, they are asked apart.
  const groups = new Map<string, typeof asked>();
  for (const question of fitting) {
    const key = `${question.whenTrue} ${question.whenFalse}`;
    groups.set(key, [...(groups.get(key) ?? []), question]);
  }
  let done = questions.length - fitting.length;
  for (const group of groups.values()) {
    const { whenTrue, whenFalse } = group[0]!;
    const before = done;
    const read = (i: number, logprobs: Float32Array) => {
      const { index } = group[i]!;
      const confidence = confidenceOf(logprobs, whenTrue.length);
      const explanation = explanations[index]!;
      const grade: CriterionGrade = Number.isFinite(confidence)
        ? { verdict: verdictOf(confidence, config, questions[index]!.seed), explanation, confidence, failure: null }
        : { verdict: 'ungraded', explanation, confidence: null, failure: NO_PROBABILITY };
      settle(index, grade);
    };
    const logprobs = await model.score(
      group.map(({ tokens }) => tokens),
      [...whenTrue, ...whenFalse],
      {
        adapter,
        ...(signal && { signal }),
        onProgress: (part, of) => onProgress(before + Math.floor((part / of) * group.length)),
        onScores: read,
      },
    );
    signal?.throwIfAborted();
    logprobs.forEach((own, i) => {
      if (!grades[group[i]!.index]) read(i, own); // told by no one on the way
    });
    done += group.length;
    onProgress(done);
  }
  return grades;
}

const tooLongToAsk = (explanation: string): CriterionGrade => ({
  verdict: 'ungraded',
  explanation,
  confidence: null,
  failure: 'the explanation leaves no room to ask for the verdict',
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

/** Where the two token sequences part. */
function split(a: Int32Array, b: Int32Array) {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const [whenTrue, whenFalse] = [a[common], b[common]];
  if (whenTrue === undefined || whenFalse === undefined) {
    throw new Error(
      'this tokenizer does not tell true from false: the forced and verdict modes cannot be used with it',
    );
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

/**
 * The likelier verdict, or one drawn as a model that writes it would draw it: met with p(true)^(1/T) against p(false)^(1/T), T being the grading
 * temperature (0: the likelier).
 */
function verdictOf(
  confidence: number,
  { verdict, sampling: { temperature } }: Pick<GraderConfig, 'verdict' | 'sampling'>,
  seed: number,
): 'met' | 'notMet' {
  if (verdict === 'likelier' || temperature === 0) return confidence > 0.5 ? 'met' : 'notMet';
  const odds = (confidence / (1 - confidence)) ** (1 / temperature);
  const met = odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
  return uniform(derive(seed, 'verdict')) < met ? 'met' : 'notMet';
}

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
