import type { Example } from '../domain/example';
import type { Sampling } from '../domain/recipe/sampling';
import type { Rollout } from '../domain/rollout';
import { partOf, type WorkContext } from '../domain/workContext';
import type { GenerateContext } from '../model/generation';
import type { LanguageModel, OptimizerReport } from '../model/languageModel';
import { derive } from '../random';
import type { ChatText } from '../text/chatText';
import { optimizerShares, packBatches, packForLogprobs, unmaskedOf } from './batch';
import { learningRateAt } from './learningRate';
import type { Policy, UpdateConfig, UpdateReport } from './policy';

/** The part of a LanguageModel that the policy uses. */
export type PolicyModel = Pick<LanguageModel, 'config' | 'generate' | 'batchLogprobs' | 'train'>;

/** The tokens that an answer is generated from. */
export const promptTokens = (text: ChatText, prompt: Example['prompt'], thinking?: boolean): Int32Array =>
  text.encodeChat(prompt, thinking === undefined ? {} : { thinking });

/** The policy of a run: a language model with its adapter on. */
export class TransformerPolicy implements Policy {
  constructor(
    private readonly model: PolicyModel,
    private readonly text: ChatText,
    private readonly thinking?: boolean,
  ) {}

  async generate(
    examples: readonly Example[],
    groupSize: number,
    sampling: Sampling,
    { seed }: { readonly seed: number },
    context: GenerateContext = {},
  ): Promise<Rollout[]> {
    const prompts = examples.map(({ prompt }) => promptTokens(this.text, prompt, this.thinking));
    const requests = examples.flatMap((example, group) =>
      Array.from({ length: groupSize }, (_, index) => ({
        example,
        group,
        tokens: prompts[group]!,
        seed: derive(seed, group, index),
      })),
    );
    const { endTokens } = this.model.config;
    const generations = await this.model.generate(requests, { sampling, endTokens, adapter: true }, context);
    context.signal?.throwIfAborted();
    return requests.map(({ example, group, tokens: prompt }, i) => {
      const { tokens, logprobs, entropies, finish } = generations[i]!;
      const whole = new Int32Array(prompt.length + tokens.length);
      whole.set(prompt);
      whole.set(tokens, prompt.length);
      const completion = this.text.decode(Int32Array.from(tokens));
      return { example, group, tokens: whole, promptLength: prompt.length, logprobs, entropies, completion, finish };
    });
  }

  async referenceLogprobs(
    rollouts: readonly Rollout[],
    { optimizer, sampling }: Pick<UpdateConfig, 'optimizer' | 'sampling'>,
    { signal, onProgress }: WorkContext = {},
  ): Promise<Float32Array[]> {
    const found = rollouts.map(({ logprobs }) => new Float32Array(logprobs.length));
    const packed = packForLogprobs(rollouts, optimizer.microBatchTokens);
    for (const [i, { batch, order }] of packed.entries()) {
      signal?.throwIfAborted();
      const logprobs = await this.model.batchLogprobs(batch, sampling.temperature, false);
      let from = 0;
      for (const index of order) {
        const answer = found[index]!;
        answer.set(logprobs.subarray(from, from + answer.length));
        from += answer.length;
      }
      onProgress?.(i + 1, packed.length);
    }
    return found;
  }

  async update(
    rollouts: readonly Rollout[],
    advantages: Float32Array,
    { loss: recipe, optimizer, sampling, steps }: UpdateConfig,
    { step }: { readonly step: number },
    { signal, onProgress }: WorkContext = {},
  ): Promise<UpdateReport> {
    signal?.throwIfAborted();
    const { stepsPerRollout, epochsPerRollout, microBatchTokens } = optimizer;
    const { temperature, maxNewTokens } = sampling;
    const loss = { ...recipe, klCoef: recipe.klIn === 'loss' ? recipe.klCoef : 0 };
    const withKl = loss.klCoef > 0;
    const shares = optimizerShares(rollouts.length, stepsPerRollout)
      .map(([from, to], index) => ({
        index,
        counted: countedBy(loss, rollouts.slice(from, to)),
        batches: packBatches(rollouts.slice(from, to), advantages.subarray(from, to), {
          ...loss,
          maxNewTokens,
          microBatchTokens,
          skipZeroAdvantage: !withKl && loss.entropyCoef === 0,
        }),
      }))
      .filter(({ batches }) => batches.length > 0);
    const perEpoch = shares.reduce((sum, { batches }) => sum + batches.length, 0);
    const total = perEpoch * (epochsPerRollout + (withKl ? 1 : 0));
    let done = 0;

    if (withKl) {
      for (const batch of shares.flatMap(({ batches }) => batches)) {
        batch.referenceLogprob.set(await this.model.batchLogprobs(batch, temperature, false));
        onProgress?.(++done, total);
      }
    }
    const perStep = stepsPerRollout * epochsPerRollout;
    const steppings: Stepping[] = [];
    for (let epoch = 0; epoch < epochsPerRollout; epoch++) {
      for (const { index, counted, batches } of shares) {
        const optimizerStep = step * perStep + epoch * stepsPerRollout + index;
        const learningRate = learningRateAt(optimizer, optimizerStep, steps * perStep);
        const report = await this.model.train(
          batches,
          { loss, optimizer, learningRate, temperature },
          partOf({ onProgress }, { before: done, size: batches.length, total }), // without the signal: an update is finished
        );
        done += batches.length;
        const rows = batches.reduce((sum, { lossRow }) => sum + lossRow.length, 0);
        steppings.push({ report, rows, counted, learningRate });
        if (!report.finite) return summary(steppings, rollouts, withKl);
      }
    }
    return summary(steppings, rollouts, withKl);
  }
}

/** An optimizer step that was made: what it reported, the tokens it trained on, and its rate. */
interface Stepping {
  readonly report: OptimizerReport;
  readonly rows: number;
  /** Tokens, or answers for gspo, that the clip share counts. */
  readonly counted: number;
  readonly learningRate: number;
}

/**
 * What TRL's clip share is taken of: the tokens of the answers that are not masked, those without advantage too; for
 * gspo the answers.
 */
function countedBy({ type, truncated }: UpdateConfig['loss'], rollouts: readonly Rollout[]): number {
  const lengths = unmaskedOf(rollouts, truncated).map(({ logprobs }) => logprobs.length);
  return type === 'gspo' ? lengths.filter((length) => length > 0).length : lengths.reduce((a, b) => a + b, 0);
}

/** Means over optimizer steps. */
function summary(steppings: readonly Stepping[], rollouts: readonly Rollout[], withKl: boolean): UpdateReport {
  const tokens = rollouts.reduce((sum, { logprobs }) => sum + logprobs.length, 0);
  const trained = steppings.reduce((sum, { rows }) => sum + rows, 0);
  const overSteps = (value: (report: OptimizerReport) => number) =>
    steppings.reduce((sum, { report }) => sum + value(report), 0) / Math.max(1, steppings.length);
  const overRows = (value: (report: OptimizerReport) => number) =>
    steppings.reduce((sum, { report, rows }) => sum + value(report) * rows, 0) / Math.max(1, trained);
  const total = (of: (stepping: Stepping) => number) => steppings.reduce((sum, stepping) => sum + of(stepping), 0);
  return {
    loss: overSteps(({ loss }) => loss),
    gradNorm: overSteps(({ gradNorm }) => gradNorm),
    learningRate: steppings.at(-1)?.learningRate ?? 0,
    kl: withKl ? overRows(({ kl }) => kl) : null,
    clipRatio:
      total(({ report }) => report.clipped) /
      Math.max(
        1,
        total(({ counted }) => counted),
      ),
    entropy: overRows(({ entropy }) => entropy),
    logprobDifference: steppings[0]?.report.logprobDifference ?? 0,
    tokens,
    finite: steppings.every(({ report }) => report.finite),
  };
}
