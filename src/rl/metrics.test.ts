import { describe, expect, it } from 'vitest';
import { ACTS, WORLD_TAG } from '../data/syntheticWorld';
import { checkSchema } from '../domain/check';
import { METRICS } from '../domain/metrics/metrics';
import { graderSchema } from '../domain/recipe/grader';
import type { Grade, Verdict } from '../domain/verdict';
import { stepMetrics } from './metrics';
import { rolloutRecords } from './records';
import type { StepReport } from './stepReport';
import { testExample, testRollout } from './test/testModel';

const grade = (...verdicts: Verdict[]): Grade =>
  verdicts.map((verdict) => ({
    verdict,
    explanation: 'e',
    confidence: 0.5,
    failure: verdict === 'ungraded' ? 'why' : null,
  }));
const update = {
  loss: 0.5,
  gradNorm: 2,
  learningRate: 1e-5,
  kl: null,
  clipRatio: 0,
  entropy: 9,
  logprobDifference: 1e-6,
};

const KEPT = { groupSize: 2, loss: { truncated: 'kept' } } as const;

const report: StepReport = {
  step: 3,
  rollouts: [
    testRollout(testExample('a'), 0, 'ab'),
    { ...testRollout(testExample('a'), 0, 'abcd'), finish: 'length' },
    testRollout(testExample('b'), 1, 'abc'),
    testRollout(testExample('b'), 1, 'a'),
  ],
  grades: [grade('met', 'notMet'), grade('notMet', 'met'), grade('met', 'ungraded'), grade('ungraded', 'ungraded')],
  rewards: [1, -0.6, 1, null],
  shaped: [1, -0.6, 1, null],
  dropped: null,
  advantages: Float32Array.of(1, -1, 0, 0),
  update: { ...update, tokens: 10, finite: true },
  seconds: { rollout: 1, grade: 2, update: 3 },
};

describe('metrics of a step', () => {
  const metrics = stepMetrics(report, KEPT);

  it('leaves answers that the loss masks out of the entropy', () => {
    const entropies = (value: number, length: number) => new Float32Array(length).fill(value);
    const rollouts = report.rollouts.map((rollout, i) => ({
      ...rollout,
      entropies: entropies(i === 1 ? 9 : 1, rollout.logprobs.length),
    }));
    const entropyOf = (truncated: 'kept' | 'masked') =>
      stepMetrics({ ...report, rollouts }, { groupSize: 2, loss: { truncated } }).entropy;
    expect(entropyOf('masked')).toBe(1);
    expect(entropyOf('kept')).toBeCloseTo((4 * 9 + 6) / 10, 6);
  });

  it('has every key', () =>
    expect(Object.keys(metrics).sort()).toEqual(['phrases', 'step', ...Object.keys(METRICS)].sort()));

  it('averages what exists and says null for what does not', () => {
    expect(metrics).toMatchObject({
      step: 3,
      'reward/min': -0.6,
      'reward/max': 1,
      'reward/true': null,
      frac_reward_zero_std: 0,
      'completions/mean_length': 2.5,
      'completions/median_length': 2.5,
      'completions/min_length': 1,
      'completions/max_length': 4,
      'completions/clipped_ratio': 0.25,
      'grader/yes_rate': 0.6,
      'grader/yes_rate_negative': 0.5,
      'grader/ungraded': 3 / 8,
      'grader/true_agreement': null,
      kl: null,
      entropy: 1.5,
      num_tokens: 10,
      step_time: 6,
    });
    expect(metrics.reward).toBeCloseTo(1.4 / 3);
    expect(metrics.reward_std).toBeCloseTo(Math.sqrt(2 * 0.8 ** 2));
    expect(metrics['completions/p10_length']).toBeCloseTo(1.3);
  });

  it('tells shaped rewards apart, and of dropped prompts', () => {
    expect(metrics).toMatchObject({ 'reward/shaped': null, 'dynamic_filter/drop_zero_std': null });
    const shaped = stepMetrics({ ...report, shaped: [0.9, -0.6, 1, null], dropped: [1, null, 0] }, KEPT);
    expect(shaped['reward/shaped']).toBeCloseTo(1.3 / 3);
    expect(shaped).toMatchObject({ reward: metrics.reward, 'dynamic_filter/drop_zero_std': 3 });
    expect(shaped['dynamic_filter/dropped_reward']).toBe(0.5);
    expect(stepMetrics({ ...report, dropped: [] }, KEPT)).toMatchObject({
      'dynamic_filter/drop_zero_std': 0,
      'dynamic_filter/dropped_reward': null,
    });
  });

  it('compares with the truth in the synthetic world', () => {
    const example = {
      ...testExample('w'),
      exampleTags: [WORLD_TAG],
      rubrics: [
        { criterion: ACTS.water.criterion, points: 4, tags: [] },
        { criterion: ACTS.alcohol.criterion, points: -8, tags: [] },
      ],
    };
    const rollouts = [
      testRollout(example, 0, 'Drink plenty of water.'),
      testRollout(example, 0, 'Drink some wine to relax.'),
    ];
    const world = { ...report, rollouts, rewards: [1, 0], grades: [grade('met', 'met'), grade('notMet', 'ungraded')] };
    const measured = stepMetrics(world, KEPT);
    expect(measured['reward/true']).toBe((1 - 2) / 2);
    expect(measured['grader/true_agreement']).toBeCloseTo(2 / 3);
    expect(rolloutRecords(world, 2, graderSchema.parse({}))[1]!.trueReward).toBe(-2);
  });

  it('counts checks apart: the grader is neither flattered nor blamed for them', () => {
    const check = checkSchema.parse({ kind: 'words', most: 3 });
    const example = {
      ...testExample('c'),
      rubrics: [
        { criterion: 'Is short', points: 4, tags: [], check },
        { criterion: 'Is short, says the grader', points: 4, tags: [], check },
      ],
    };
    const byProgram = { ...grade('met')[0]!, by: 'program' as const };
    const grades = [
      [byProgram, grade('notMet')[0]!],
      [byProgram, grade('ungraded')[0]!],
    ];
    const rollouts = [testRollout(example, 0, 'One two.'), testRollout(example, 0, 'One.')];
    const own = { ...report, rollouts, rewards: [0.5, 1], grades };
    expect(stepMetrics(own, KEPT)).toMatchObject({
      'check/passed': 1,
      'check/criteria': 1,
      'grader/yes_rate': 0,
      'grader/ungraded': 0.5,
      'grader/true_agreement': 0,
      'reward/true': 1,
    });
    expect(rolloutRecords(own, 2, graderSchema.parse({}))[0]!.criteria.map(({ check }) => check)).toEqual([
      check,
      undefined,
    ]);
  });
});

it('makes a record of every answer, with its grades', () => {
  const records = rolloutRecords(report, 2, graderSchema.parse({}));
  expect(records[1]).toMatchObject({
    step: 3,
    group: 0,
    index: 1,
    promptId: 'a',
    completion: 'abcd',
    finish: 'length',
    promptTokens: 4,
    completionTokens: 4,
    reward: -0.6,
    advantage: -1,
    trueReward: null,
    meanEntropy: 1.5,
    grader: 'self, forced',
  });
  expect(records[3]!.criteria[0]).toEqual({
    criterion: 'criterion 0',
    points: 5,
    tags: [],
    verdict: 'ungraded',
    explanation: 'e',
    confidence: 0.5,
    failure: 'why',
  });
  expect(records[3]!.meanLogprob).toBeCloseTo(-0.5);
});
