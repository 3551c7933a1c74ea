import { describe, expect, it } from 'vitest';
import { type GradedAnswers, type SampledGroups, sampledPrompts, stepAnswers, withRound } from './dynamicSampling';
import { testExample, testRollout } from './test/testModel';

const settings = { promptsPerStep: 2, groupSize: 2, maxRefills: 2 };
const NONE: SampledGroups = { kept: [], dropped: [] };

/** Two answers for each prompt, with these shaped rewards; the rubric rewards are all 1. */
function round(prompts: Readonly<Record<string, readonly (number | null)[]>>): GradedAnswers {
  const rollouts = Object.keys(prompts).flatMap((promptId, group) =>
    ['a', 'b'].map((text) => testRollout(testExample(promptId), group, text)),
  );
  const shaped = Object.values(prompts).flat();
  return { rollouts, grades: rollouts.map(() => []), rewards: rollouts.map(() => 1), shaped, reference: null };
}
const ids = ({ rollouts }: Pick<GradedAnswers, 'rollouts'>) => rollouts.map(({ example }) => example.promptId);

describe('a round of sampling', () => {
  it('keeps the groups whose shaped rewards differ, in order, and drops the others', () => {
    const first = withRound(NONE, round({ p0: [1, 1], p1: [1, 0], p2: [null, 1] }), settings);
    expect(first.kept.map(ids)).toEqual([['p1', 'p1']]);
    expect(first.dropped.map(ids)).toEqual([
      ['p0', 'p0'],
      ['p2', 'p2'], // one reward has nothing to be compared with
    ]);
    const second = withRound(first, round({ p3: [0.5, 0.25] }), settings);
    expect(second.kept.flatMap(ids)).toEqual(['p1', 'p1', 'p3', 'p3']);
    expect([...sampledPrompts(second)].sort()).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it('keeps every group without refills', () => {
    const { kept, dropped } = withRound(NONE, round({ p0: [1, 1], p1: [1, 0] }), { ...settings, maxRefills: 0 });
    expect([kept.length, dropped.length]).toEqual([2, 0]);
  });
});

describe('the answers of a step', () => {
  it('are those of the kept groups, numbered anew, with the mean rewards of the dropped', () => {
    const groups = withRound(NONE, round({ p0: [1, 1], p1: [1, 0], p2: [0, 1] }), settings);
    const step = stepAnswers(groups, settings);
    expect(step.rollouts.map(({ example, group }) => [example.promptId, group])).toEqual([
      ['p1', 0],
      ['p1', 0],
      ['p2', 1],
      ['p2', 1],
    ]);
    expect(step.shaped).toEqual([1, 0, 0, 1]);
    expect(step.dropped).toEqual([1]);
  });

  it('are filled up with dropped groups', () => {
    const groups = withRound(NONE, round({ p0: [1, 1], p1: [1, 0] }), settings);
    expect(ids(stepAnswers(groups, settings))).toEqual(['p1', 'p1', 'p0', 'p0']);
    expect(stepAnswers(groups, { ...settings, maxRefills: 0 }).dropped).toBeNull();
  });
});
