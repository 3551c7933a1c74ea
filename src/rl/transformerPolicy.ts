import type { LossConfig, OptimizerConfig, Sampling } from '../config/run';
import type { LanguageModel, OptimizerReport } from '../model/languageModel';
import { derive } from '../random';
import type { Example } from '../rubric/example';
import { optimizerShares, packBatches } from './batch';
import type { ChatText } from './chatText';
import { learningRateAt } from './learningRate';
import type { Policy, Progress, Rollout, UpdateReport } from './policy';

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
    options: { seed: number; signal?: AbortSignal; onProgress?: Progress },
  ): Promise<Rollout[]> {
    const prompts = examples.map(({ prompt }) => promptTokens(this.text, prompt, this.thinking));
    const requests = examples.flatMap((example, group) =>
      Array.from({ length: groupSize }, (_, index) => ({
        example,
        group,
        tokens: prompts[group]!,
        seed: derive(options.seed, group, index),
      })),
    );
    const { endTokens } = this.model.config;
    const { seed: _, ...rest } = options;
    const generations = await this.model.generate(requests, { sampling, endTokens, adapter: true, ...rest });
    return requests.map(({ example, group, tokens: prompt }, i) => {
      const { tokens, logprobs, entropies, finish } = generations[i]!;
      const whole = new Int32Array(prompt.length + tokens.length);
      whole.set(prompt);
      whole.set(tokens, prompt.length);
      const completion = this.text.decode(Int32Array.from(tokens));
      return { example, group, tokens: whole, promptLength: prompt.length, logprobs, entropies, completion, finish };
    });
  }

  async update(
    rollouts: readonly Rollout[],
    advantages: Float32Array,
    { loss, optimizer, temperature }: { loss: LossConfig; optimizer: OptimizerConfig; temperature: number },
    { step, signal, onProgress }: { step: number; signal?: AbortSignal; onProgress?: Progress },
  ): Promise<UpdateReport> {
    signal?.throwIfAborted();
    const { stepsPerRollout, microBatchTokens } = optimizer;
    const withKl = loss.klCoef > 0;
    const shares = optimizerShares(rollouts.length, stepsPerRollout)
      .map(([from, to]) =>
        packBatches(rollouts.slice(from, to), advantages.subarray(from, to), {
          type: loss.type,
          microBatchTokens,
          skipZeroAdvantage: !withKl,
        }),
      )
      .filter((batches) => batches.length > 0);
    const total = shares.reduce((sum, batches) => sum + batches.length, 0) * (withKl ? 2 : 1);
    let done = 0;

    if (withKl) {
      for (const batch of shares.flat()) {
        batch.referenceLogprob.set(await this.model.batchLogprobs(batch, temperature, false));
        onProgress?.(++done, total);
      }
    }
    const reports: OptimizerReport[] = [];
    const rows: number[] = [];
    let learningRate = 0;
    for (const [i, batches] of shares.entries()) {
      learningRate = learningRateAt(optimizer, step * stepsPerRollout + i);
      const before = done;
      const report = await this.model.train(batches, {
        loss,
        optimizer,
        learningRate,
        temperature,
        onProgress: (batch) => onProgress?.(before + batch, total),
      });
      done += batches.length;
      reports.push(report);
      rows.push(batches.reduce((sum, { lossRow }) => sum + lossRow.length, 0));
      if (!report.finite) break;
    }
    const tokens = rollouts.reduce((sum, { logprobs }) => sum + logprobs.length, 0);
    return summary(reports, rows, tokens, learningRate, withKl);
  }
}

/** Means over optimizer steps; shares of tokens count those without advantage too, which cannot be clipped. */
function summary(
  reports: readonly OptimizerReport[],
  rows: readonly number[],
  tokens: number,
  learningRate: number,
  withKl: boolean,
): UpdateReport {
  const trained = rows.reduce((a, b) => a + b, 0);
  const overSteps = (value: (report: OptimizerReport) => number) =>
    reports.reduce((sum, report) => sum + value(report), 0) / Math.max(1, reports.length);
  const overRows = (value: (report: OptimizerReport) => number, rowCount = trained) =>
    reports.reduce((sum, report, i) => sum + value(report) * rows[i]!, 0) / Math.max(1, rowCount);
  return {
    loss: overSteps(({ loss }) => loss),
    gradNorm: overSteps(({ gradNorm }) => gradNorm),
    learningRate,
    kl: withKl ? overRows(({ kl }) => kl) : null,
    clipRatio: overRows(({ clipRatio }) => clipRatio, tokens),
    entropy: overRows(({ entropy }) => entropy),
    logprobDifference: reports[0]?.logprobDifference ?? 0,
    tokens,
    finite: reports.every(({ finite }) => finite),
  };
}
