import type { Recipe } from '../domain/recipe/recipe';
import type { WorkContext } from '../domain/workContext';
import type { LanguageModel } from '../model/languageModel';
import type { MicroBatch } from '../model/microBatch';
import { derive, shuffled } from '../random';
import { NotFinite } from './notFinite';
import type { SftExample } from './sftExamples';

/**
 * The SFT examples of a warm start. Pure functions of the index, so that a continued warm start equals one that was
 * never stopped.
 */
export interface SftSource {
  readonly answers: number;
  readonly gradings: number;
  /** Tokenized on each call: a file may hold thousands. */
  answer(index: number): SftExample;
  grading(index: number): SftExample;
}

export interface WarmStartReport {
  /** Warm-start steps finished, this one included; they come before step 1. */
  readonly warmStep: number;
  /** Mean over examples of the mean negative log-likelihood of their tokens, in nats. */
  readonly loss: number;
  readonly gradNorm: number;
  readonly examples: number;
  /** Examples left out because they are longer than the run's buffers. */
  readonly tooLong: number;
  readonly seconds: number;
}

export interface WarmStartOptions {
  /** Warm-start steps already done. */
  readonly startStep: number;
  /** Tokens of the longest example that fits. */
  readonly longest: number;
  /** Milliseconds of a steady clock. */
  readonly now?: () => number;
}

/**
 * A policy loss whose value is the negative log-likelihood: with old = NaN and advantage 1 the ratio that weighs each
 * logprob is 1.
 */
const LIKELIHOOD = { type: 'cispo', clipLow: 0, clipHigh: 1, klCoef: 0 } as const;

/**
 * Supervised steps before the first rollout, on ideal completions and recorded verdicts, by the engine's own loss. The
 * optimizer begins anew after the last of them, as it would in a separate run; the frozen grader and the KL reference
 * stay the model before them.
 */
export async function* warmStart(
  run: Recipe,
  model: Pick<LanguageModel, 'train' | 'resetOptimizer'>,
  source: SftSource,
  { startStep, longest, now = () => performance.now() }: WarmStartOptions,
  { signal, onProgress }: WorkContext = {},
): AsyncGenerator<WarmStartReport, void, undefined> {
  const { steps, learningRate, documentsPerStep, gradingShare } = run.warmStart;
  const share = source.answers === 0 ? 1 : source.gradings === 0 ? 0 : gradingShare;
  const gradings = Math.round(share * documentsPerStep);
  const answerAt = inEpochs(source.answers, derive(run.seed, 'warm answers'));
  const gradingAt = inEpochs(source.gradings, derive(run.seed, 'warm gradings'));
  for (let index = startStep; index < steps; index++) {
    signal?.throwIfAborted();
    const started = now();
    const drawn = [
      ...positions(index, documentsPerStep - gradings).map((at) => source.answer(answerAt(at))),
      ...positions(index, gradings).map((at) => source.grading(gradingAt(at))),
    ];
    const fitting = drawn.filter(({ tokens }) => tokens.length <= longest);
    if (fitting.length === 0 && index === 0) throw new NothingFits(longest);
    const { loss, gradNorm, finite } = await model.train(
      supervisedBatches(fitting, run.optimizer.microBatchTokens),
      { loss: LIKELIHOOD, optimizer: run.optimizer, learningRate, temperature: 1 },
      { signal },
    );
    if (!finite) throw new NotFinite(Number.isFinite(loss) ? 'gradient' : 'loss', 0);
    if (index === steps - 1) await model.resetOptimizer();
    onProgress?.(index + 1, steps);
    const tooLong = drawn.length - fitting.length;
    yield {
      warmStep: index + 1,
      loss,
      gradNorm,
      examples: fitting.length,
      tooLong,
      seconds: (now() - started) / 1000,
    };
  }
}

/** Every example of a warm start's first step is longer than the run has room for. */
export class NothingFits extends Error {
  override name = 'NothingFits';
  constructor(longest: number) {
    super(`every example of the warm start is longer than the ${longest} tokens that this recipe has room for`);
  }
}

const positions = (step: number, count: number): number[] => Array.from({ length: count }, (_, i) => step * count + i);

/** Every index below `count` once per epoch, in a new order in each. */
function inEpochs(count: number, seed: number): (position: number) => number {
  const all = Array.from({ length: count }, (_, i) => i);
  let epoch = -1;
  let order: readonly number[] = all;
  return (position) => {
    const current = Math.floor(position / count);
    if (current !== epoch) {
      epoch = current;
      order = shuffled(derive(seed, epoch), all);
    }
    return order[position % count]!;
  };
}

/**
 * Examples packed without padding. Each has the same share of the loss, spread over its tokens: a verdict, one token,
 * teaches as much as an answer.
 */
export function supervisedBatches(examples: readonly SftExample[], microBatchTokens: number): MicroBatch[] {
  const bins: SftExample[][] = [];
  let rows = 0;
  for (const example of examples) {
    const bin = bins.at(-1);
    if (bin && rows + example.tokens.length <= microBatchTokens) bin.push(example);
    else {
      bins.push([example]);
      rows = 0;
    }
    rows += example.tokens.length;
  }
  return bins.map((bin) => pack(bin, examples.length));
}

function pack(examples: readonly SftExample[], count: number): MicroBatch {
  const starts = [0];
  for (const { tokens } of examples) starts.push(starts.at(-1)! + tokens.length);
  const tokens = new Int32Array(starts.at(-1)!);
  examples.forEach((example, i) => {
    tokens.set(example.tokens, starts[i]!);
  });
  const rows = examples.flatMap(({ tokens: own, lossFrom }, i) =>
    Array.from({ length: own.length - lossFrom }, (_, t) => ({
      row: starts[i]! + lossFrom - 1 + t,
      weight: 1 / (count * (own.length - lossFrom)),
    })),
  );
  const lossRow = Int32Array.from(rows, ({ row }) => row);
  return {
    tokens,
    starts: Int32Array.from(starts),
    lossRow,
    target: lossRow.map((row) => tokens[row + 1]!),
    weight: Float32Array.from(rows, ({ weight }) => weight),
    advantage: new Float32Array(rows.length).fill(1),
    oldLogprob: new Float32Array(rows.length).fill(Number.NaN),
    referenceLogprob: new Float32Array(rows.length),
  };
}
