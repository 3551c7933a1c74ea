import { describe, expect, it } from 'vitest';
import { grpoLossForward } from '../reference/grpoLoss';
import { logprobBackward, logprobForward } from '../reference/logprob';
import { relativeError, unpack } from '../reference/recorded';
import { groupAdvantages } from './advantages';
import { caseInputs, trl, trlGradient } from './trlFixture';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const mean = (values: ArrayLike<number>) => sum(values) / values.length;

describe('against TRL: loss and its gradient with respect to the logits', () => {
  it.each(trl.cases)('$lossType, β $klCoef, on policy: $onPolicy', (recorded) => {
    const t = caseInputs(recorded);
    const logits = Float64Array.from(t.logits);
    const { logprob, lse, entropy } = logprobForward(logits, t.target, trl.temperature);
    const { loss, coefficient, stats } = grpoLossForward({ ...t, logprob }, trl.clipLow, trl.clipHigh, recorded.klCoef);
    const gradient = logprobBackward(logits, t.target, lse, coefficient, trl.temperature);

    expect(Math.abs(sum(loss) - recorded.loss)).toBeLessThan(1e-6);
    expect(relativeError(gradient, trlGradient(recorded, t.place))).toBeLessThan(1e-6);
    expect(mean(entropy)).toBeCloseTo(recorded.entropy, 5);
    expect(mean(stats.filter((_, i) => i % 3 === 0))).toBeCloseTo(recorded.clipRatio, 6);
    if (recorded.kl !== null) expect(mean(stats.filter((_, i) => i % 3 === 1))).toBeCloseTo(recorded.kl, 5);
  });

  it('meets both clips, so that the comparison means something', () => {
    const offPolicy = trl.cases.find(({ onPolicy }) => !onPolicy);
    expect(offPolicy?.clipRatio).toBeGreaterThan(0.1);
  });
});

describe('against TRL: group advantages', () => {
  it.each(trl.groupAdvantages)('$name, scale_rewards = $scaleRewards', ({ rewards, scaleRewards, advantages, std }) => {
    const normalizeStd = scaleRewards === 'group';
    const ours = groupAdvantages(rewards, trl.groupSize, { scaleRewards: normalizeStd ? 'group' : 'none' });
    // TRL adds 1e-4 to the standard deviation where the paper's code adds 1e-6: take that difference out.
    const deviation = unpack(std);
    const theirs = unpack(advantages).map((value, i) =>
      normalizeStd ? (value * (deviation[i]! + 1e-4)) / (deviation[i]! + 1e-6) : value,
    );
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `answer ${i}`).toBeLessThan(1e-5);
    });
  });
});
