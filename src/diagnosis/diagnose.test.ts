import { describe, expect, it } from 'vitest';
import { FLAWS, simulated } from '../../tools/diagnosis/flaws';
import { METRICS, type StepMetrics } from '../domain/metrics/metrics';
import { recipeSchema } from '../domain/recipe/recipe';
import { diagnose, tooEarlyUntil } from './diagnose';
import type { FindingId } from './finding';

const failures = Object.keys(FLAWS) as FindingId[];

describe('the diagnosis of simulated runs', () => {
  const clean = simulated('clean');

  it('has nothing to say of a run that learns, at any step of it', () => {
    for (let steps = 0; steps <= clean.length; steps += 3)
      expect(diagnose(clean.slice(0, steps)), `${steps}`).toEqual([]);
    expect(diagnose(clean, recipeSchema.parse({ steps: 60 }))).toEqual([]);
  });

  it.each(failures)('names %s first, with step, numbers, cause and settings', (name) => {
    const [worst] = diagnose(simulated(name));
    expect(worst?.id).toBe(name);
    expect(worst!.evidence.length).toBeGreaterThan(0);
    expect(worst!.evidence.every(({ key, now }) => key in METRICS && Number.isFinite(now))).toBe(true);
    expect(worst!.title).toMatch(/\d|nothing/);
    expect(worst!.cause.length).toBeGreaterThan(20);
    expect(worst!.tries.length).toBeGreaterThanOrEqual(2);
    expect(worst!.tries.length).toBeLessThanOrEqual(3);
  });

  it.each<[FindingId, number, number]>([
    ['logprobs', 26, 26],
    ['controls', 26, 35],
    ['ideal', 26, 35],
    ['verdictCollapse', 23, 29],
    ['leniency', 26, 37],
    ['hacking', 18, 30],
    ['axes', 18, 30],
    ['repetition', 25, 32],
    ['speaksToGrader', 25, 32],
    ['gradient', 26, 38],
    ['equalGroups', 26, 26],
    ['clipped', 25, 32],
  ])('says when %s began (the flaw began at step 25)', (name, earliest, latest) => {
    const { step } = diagnose(simulated(name))[0]!;
    expect(step).toBeGreaterThanOrEqual(earliest);
    expect(step).toBeLessThanOrEqual(latest);
  });

  it('names the phrase that the grader likes', () => {
    expect(diagnose(simulated('phrase'))[0]!.title).toContain('“trust in your wise inner healer”');
  });

  it('shows the cause and puts its consequences under it', () => {
    const findings = diagnose(simulated('verdictCollapse'));
    expect(findings.map(({ id }) => id)).toEqual(['verdictCollapse']);
    expect(findings[0]!.consequences.map(({ id }) => id)).toEqual(expect.arrayContaining(['equalGroups', 'leniency']));
  });

  it('sees held-out scores fall, though they are few', () => {
    const heldOut = (row: StepMetrics) => {
      const since = Math.max(0, row.step - 20);
      const value = row.step === 1 || row.step % 6 === 0 ? 0.4 - 0.006 * since + 0.01 * (row.step % 4) : null;
      return { ...row, 'reward/true': null, reward: 0.4 + 0.01 * since, 'eval/frozen_score': value };
    };
    const [worst] = diagnose(clean.map(heldOut));
    expect(worst).toMatchObject({ id: 'hacking', level: 'problem' });
    expect(worst!.title).toMatch(/held-out score, frozen grader falls from/);
    expect(worst!.step).toBeGreaterThanOrEqual(12);
    expect(worst!.step).toBeLessThanOrEqual(30);
  });

  it('sees within one check that a grader says yes to anything', () => {
    const always = ['empty', 'colon', 'echo', 'other'].map((name) => [`probe/control_${name}`, 1] as const);
    const row = { ...clean[0]!, ...Object.fromEntries(always), 'probe/ideal': 1 } as StepMetrics;
    const [worst] = diagnose([row]);
    expect(worst).toMatchObject({ id: 'controls', level: 'problem', step: 1 });
    expect(worst!.consequences.map(({ id }) => id)).toEqual(['ideal']);
  });

  it('does not blame a grader that gives no reward for being lenient', () => {
    const frozen = recipeSchema.parse({ steps: 60, grader: { kind: 'frozen' } });
    expect(diagnose(simulated('leniency'), frozen)).toEqual([]);
  });

  it('tells a solved task from a grader that cannot say no', () => {
    const solved = clean.map((row) => ({
      ...row,
      reward: 0.99,
      frac_reward_zero_std: 0.9,
      'grader/yes_rate': 0.97,
      'grader/yes_rate_negative': 0.02,
    }));
    expect(diagnose(solved).map(({ id, level }) => [id, level])).toEqual([['equalGroups', 'watch']]);
  });

  // 116 of 116 verdicts met, rewards equal, gradient 0: a real model's first step.
  it('is red at step 1 when a grader says yes to all, with what would help', () => {
    const row = {
      ...clean[0]!,
      'grader/yes_rate': 1,
      'grader/yes_rate_negative': 1,
      'grader/true_agreement': null,
      frac_reward_zero_std: 1,
      grad_norm: 0,
    };
    const [worst, ...others] = diagnose([row]);
    expect(worst).toMatchObject({ id: 'verdictCollapse', level: 'problem', step: 1 });
    expect(worst!.consequences.map(({ id }) => id)).toEqual(['equalGroups', 'noGradient']);
    expect(worst!.tries[0]).toContain('soft reward');
    expect(others).toEqual([]);
  });

  it('is red at step 1 when every answer is cut off, and does not advise to mask them', () => {
    const [worst] = diagnose([{ ...clean[0]!, 'completions/clipped_ratio': 1, grad_norm: 0 }]);
    expect(worst).toMatchObject({ id: 'cutOff', level: 'problem', step: 1 });
    expect(worst!.consequences.map(({ id }) => id)).toEqual(['noGradient']);
    expect(worst!.tries.join()).not.toContain('Mask');
  });

  it('says from which step it can tell', () => {
    expect(tooEarlyUntil([])).toBe(16);
    expect(tooEarlyUntil(clean.slice(0, 3))).toBe(clean.some(({ kl }) => kl !== null) ? 20 : 16);
    const measured = (count: number, kl: number | null) => clean.slice(0, count).map((row) => ({ ...row, kl }));
    expect([tooEarlyUntil(measured(15, null)), tooEarlyUntil(measured(16, null))]).toEqual([16, null]);
    expect([tooEarlyUntil(measured(19, 0)), tooEarlyUntil(measured(20, 0))]).toEqual([20, null]);
  });

  it('says when entropy will be gone', () => {
    const config = recipeSchema.parse({ steps: 400 });
    const falling = clean.map((row) => ({ ...row, entropy: 2 * 0.975 ** row.step }));
    expect(diagnose(falling, config)[0]?.title).toMatch(/gone about step (9\d|8\d)/);
    expect(diagnose(falling, { ...config, steps: 62 })).toEqual([]);
  });

  it('reads logs of older versions, which lack some numbers', () => {
    const old = clean.map(({ step, reward }) => ({ step, reward }) as StepMetrics);
    expect(diagnose(old)).toEqual([]);
  });
});
