import { describe, expect, it } from 'vitest';
import { groupAdvantages } from './advantages';

describe('advantages', () => {
  it('centre each group on its own mean', () => {
    expect([...groupAdvantages([1, 0, 0, 0, 5, 5, 5, 5], 4, { scaleRewards: 'none' })]).toEqual([
      0.75, -0.25, -0.25, -0.25, 0, 0, 0, 0,
    ]);
  });

  it('divide by the unbiased deviation + 1e-6, as torch.std', () => {
    const std = Math.sqrt((0.5 ** 2 + 0.1 ** 2 + 0.2 ** 2 + 0.4 ** 2) / 3); // rewards 0.9 0.5 0.2 0.0
    const mean = 0.4;
    const got = groupAdvantages([0.9, 0.5, 0.2, 0], 4, { scaleRewards: 'group' });
    [0.9, 0.5, 0.2, 0].forEach((reward, i) => {
      expect(got[i]).toBeCloseTo((reward - mean) / (std + 1e-6), 6);
    });
  });

  it('divide by the deviation of all rewards of the step', () => {
    const rewards = [1, 0, null, 5, 3, 4];
    const mean = 13 / 5;
    const std = Math.sqrt([1, 0, 5, 3, 4].reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / 4);
    const got = groupAdvantages(rewards, 3, { scaleRewards: 'batch' });
    [0.5, -0.5, 0, 1, -1, 0].forEach((centred, i) => {
      expect(got[i]).toBeCloseTo(centred / (std + 1e-6), 6);
    });
  });

  it('leave null rewards out of the mean and give them 0', () => {
    expect([...groupAdvantages([1, null, 0, null], 4, { scaleRewards: 'none' })]).toEqual([0.5, 0, -0.5, 0]);
    expect([...groupAdvantages([1, null, null, null, null, null], 3, { scaleRewards: 'group' })]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it('are exactly 0 for equal rewards, whatever their rounding', () => {
    expect([...groupAdvantages([0.1, 0.1, 0.1], 3, { scaleRewards: 'group' })]).toEqual([0, 0, 0]);
  });

  it('refuse broken groups', () =>
    expect(() => groupAdvantages([1, 2, 3], 2, { scaleRewards: 'group' })).toThrow(/whole groups/));
});
