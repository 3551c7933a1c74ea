import { describe, expect, it } from 'vitest';
import { grpoLossForward, klTerm, totalLoss } from '../reference/grpoLoss';
import { logprobBackward, logprobForward } from '../reference/logprob';
import { relativeError, unpack } from '../reference/recorded';
import { sequenceRatioForward } from '../reference/sequenceRatio';
import { groupAdvantages } from './advantages';
import { unmaskedOf } from './batch';
import { learningRateAt } from './learningRate';
import { meanEntropy } from './metrics';
import { klOfAnswer } from './shapedReward';
import { caseInputs, caseName, caseRollouts, trl, trlGradient } from './test/trlFixture';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const mean = (values: ArrayLike<number>) => sum(values) / values.length;

/** Of an answer's tokens, from TRL's logits. */
function entropiesOf(answer: number, length: number): ArrayLike<number> {
  const T = Math.max(...trl.lengths);
  const start = answer * T * trl.vocabulary;
  const logits = Float64Array.from(unpack(trl.logits).subarray(start, start + length * trl.vocabulary));
  return logprobForward(logits, new Int32Array(length), trl.temperature).entropy;
}

const named = trl.cases.map((recorded) => ({ name: caseName(recorded), recorded }));

describe('against TRL: loss and its gradient with respect to the logits', () => {
  it.each(named)('$name', ({ recorded }) => {
    const t = caseInputs(recorded);
    const logits = Float64Array.from(t.logits);
    const { logprob, lse, entropy } = logprobForward(logits, t.target, trl.temperature);
    const sequenceLogRatio = sequenceRatioForward(logprob, t.oldLogprob, t.weight, t.answerStart);
    const { coefficient, stats } = grpoLossForward({ ...t, logprob, sequenceLogRatio }, t.options);
    const bonus = { entropy, rowWeight: t.weight, weight: t.entropyWeight };
    const gradient = logprobBackward(logits, t.target, lse, coefficient, trl.temperature, bonus);
    const column = (i: number) => stats.filter((_, at) => at % 4 === i);

    expect(Math.abs(totalLoss(stats) - t.entropyWeight * sum(entropy) - recorded.loss)).toBeLessThan(1e-6);
    expect(relativeError(gradient, trlGradient(recorded, t.place))).toBeLessThan(1e-6);
    expect(mean(entropy)).toBeCloseTo(recorded.entropy, 5);
    // Masked answers are not packed: the share is of what carries loss.
    if (recorded.type !== 'gspo') expect(mean(column(1))).toBeCloseTo(recorded.clipRatio, 6);
    if (recorded.kl !== null) expect(mean(column(2))).toBeCloseTo(recorded.kl, 5);
  });

  it('counts clipped answers of gspo as TRL does, one each', () => {
    const recorded = trl.cases.find(({ type, onPolicy }) => type === 'gspo' && !onPolicy)!;
    const t = caseInputs(recorded);
    const { logprob } = logprobForward(Float64Array.from(t.logits), t.target, trl.temperature);
    const sequenceLogRatio = sequenceRatioForward(logprob, t.oldLogprob, t.weight, t.answerStart);
    const { stats } = grpoLossForward({ ...t, logprob, sequenceLogRatio }, t.options);
    const firsts = [...t.answerStart].slice(0, -1).map((row) => stats[4 * row + 1]!);
    expect(mean(firsts)).toBeCloseTo(recorded.clipRatio, 6);
  });

  it.each(named.filter(({ recorded }) => recorded.onPolicy))('entropy of the step, $name', ({ recorded }) => {
    const rollouts = caseRollouts(recorded).map((rollout, b) => ({
      ...rollout,
      entropies: Float32Array.from(entropiesOf(b, rollout.logprobs.length)),
    }));
    const masked = recorded.masked ? 'masked' : 'kept';
    expect(meanEntropy(unmaskedOf(rollouts, masked))).toBeCloseTo(recorded.entropy, 5);
    const all = meanEntropy(rollouts)!;
    if (recorded.masked) expect(Math.abs(all - recorded.entropy)).toBeGreaterThan(1e-3); // masking matters here
  });

  it('meets clips and caps, so that the comparison means something', () => {
    const offPolicy = trl.cases.filter(({ onPolicy }) => !onPolicy);
    expect(offPolicy.find(({ type }) => type === 'grpo')?.clipRatio).toBeGreaterThan(0.1);
    expect(offPolicy.find(({ type }) => type === 'cispo')?.clipRatio).toBeGreaterThan(0.1);
    const [free, cappedOne] = [null, 1.5].map((cap) => offPolicy.find(({ clipCap }) => clipCap === cap)!.loss);
    expect(Math.abs(free! - cappedOne!)).toBeGreaterThan(1e-3);
  });
});

describe('against TRL: group advantages', () => {
  it.each(trl.groupAdvantages)('$name, scale_rewards = $scaleRewards', ({ rewards, scaleRewards, advantages, std }) => {
    const ours = groupAdvantages(rewards, trl.groupSize, { scaleRewards });
    // TRL adds 1e-4 to the standard deviation where the paper's code adds 1e-6: take that difference out.
    const deviation = unpack(std);
    const theirs = unpack(advantages).map((value, i) =>
      scaleRewards === 'none' ? value : (value * (deviation[i]! + 1e-4)) / (deviation[i]! + 1e-6),
    );
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `answer ${i}`).toBeLessThan(1e-5);
    });
  });
});

describe('against PyTorch: estimates of the KL divergence', () => {
  it.each(['k1', 'k2', 'k3', 'lowVar'] as const)('%s with its gradient', (kind) => {
    const gap = unpack(trl.klEstimates.gap);
    const { value, slope } = trl.klEstimates[kind];
    const ours = Array.from(gap, (d) => klTerm(kind, d));
    const column = (key: 'value' | 'slope') => ours.map((term) => term[key]);
    expect(relativeError(column('value'), unpack(value))).toBeLessThan(1e-6);
    expect(relativeError(column('slope'), unpack(slope))).toBeLessThan(1e-6);
    expect(klOfAnswer(kind, gap, new Float32Array(gap.length))).toBeCloseTo(sum(unpack(value)), 3);
    if (kind === 'lowVar') expect(column('slope').filter((s) => s === 0).length).toBeGreaterThan(2); // the bound is met
  });
});

describe('against transformers: the learning rate of every optimizer step', () => {
  it.each(trl.schedules)('$schedule, warm-up $warmupSteps of $total', ({ schedule, warmupSteps, total, rates }) => {
    rates.forEach((rate, step) => {
      const ours = learningRateAt({ learningRate: 1, warmupSteps, schedule }, step, total);
      expect(Math.abs(ours - rate), `step ${step}`).toBeLessThanOrEqual(1e-12);
    });
  });
});
