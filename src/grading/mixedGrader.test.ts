import { describe, expect, it } from 'vitest';
import { graderSchema } from '../domain/recipe/grader';
import type { Rollout } from '../domain/rollout';
import type { Grade } from '../domain/verdict';
import { testExample, testRollout } from '../rl/test/testModel';
import type { Grader } from './grader';
import { MixedGrader } from './mixedGrader';

/** Four prompts, three answers each. */
const rollouts = Array.from({ length: 12 }, (_, i) =>
  testRollout(testExample(`p${Math.floor(i / 3)}`), Math.floor(i / 3), `answer ${i}`),
);

/** Says its name and the answer in its reasons, and remembers what it was asked. */
function named(name: string): Grader & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    grade: async (given: readonly Rollout[], _, { onProgress } = {}) => {
      asked.push(...given.map(({ completion }) => completion));
      onProgress?.(10, 10);
      return given.map(
        ({ example, completion }): Grade =>
          example.rubrics.map(() => ({
            verdict: 'met',
            explanation: `${name} ${completion}`,
            confidence: null,
            failure: null,
          })),
      );
    },
  };
}

const mixed = (change: object) => graderSchema.parse({ mixed: change }).mixed;

async function gradedBy(change: object, seed: number) {
  const [policy, teacher] = [named('policy'), named('teacher')];
  const progress: number[] = [];
  const grades = await new MixedGrader(policy, teacher, mixed(change)).grade(
    rollouts,
    { seed },
    { onProgress: (done, total) => progress.push(done / total) },
  );
  return { by: grades.map(([first]) => first!.by!), grades, policy, teacher, progress };
}

describe('a mixed grader', () => {
  it('gives whole groups to one grader and puts grades back in order', async () => {
    const { by, grades, policy, teacher, progress } = await gradedBy({ share: 0.5 }, 1);
    for (let group = 0; group < 4; group++) expect(new Set(by.slice(3 * group, 3 * group + 3)).size).toBe(1);
    expect(by.filter((name) => name === 'teacher')).toHaveLength(6);
    grades.forEach((grade, i) => {
      expect(grade.map(({ explanation }) => explanation)).toEqual(new Array(2).fill(`${by[i]} answer ${i}`));
    });
    expect([...policy.asked, ...teacher.asked].sort()).toEqual(rollouts.map(({ completion }) => completion).sort());
    expect(progress.at(-1)).toBe(1);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
  });

  it.each(['prompt', 'step'])('meets the share of %ss over many steps, by seed', async (by) => {
    const steps = Array.from({ length: 300 }, (_, seed) => gradedBy({ share: 0.3, by }, seed));
    const shares = (await Promise.all(steps)).map(
      ({ by: who }) => who.filter((name) => name === 'teacher').length / 12,
    );
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    expect(Math.abs(mean - 0.3)).toBeLessThan(by === 'step' ? 0.08 : 0.03);
    // 4 · 0.3 prompts are one or two; a step is the teacher's or it is not.
    expect(new Set(shares)).toEqual(new Set(by === 'step' ? [0, 1] : [0.25, 0.5]));
    expect((await gradedBy({ share: 0.3, by }, 5)).by).toEqual((await gradedBy({ share: 0.3, by }, 5)).by);
  });

  it('draws for each prompt: none is more often the teacher’s than the share says', async () => {
    const counts = [0, 0, 0, 0];
    const seeds = Array.from({ length: 600 }, (_, seed) => seed);
    for (const seed of seeds) {
      const { by } = await gradedBy({ share: 0.3 }, seed);
      counts.forEach((_, group) => {
        if (by[3 * group] === 'teacher') counts[group]!++;
      });
    }
    // ± 4 standard deviations of a share of 600
    const margin = 4 * Math.sqrt((0.3 * 0.7) / seeds.length);
    for (const count of counts) expect(Math.abs(count / seeds.length - 0.3)).toBeLessThan(margin);
  });

  it('gives graders the seed of the step, and reports grades with the name of the grader', async () => {
    const seeds: number[] = [];
    const grader: Grader = {
      grade: async (given, { seed }, context) => {
        seeds.push(seed);
        const grade = { verdict: 'met', explanation: '', confidence: null, failure: null } as const;
        given.forEach((_, i) => {
          context?.onGrade?.(i, 0, grade);
          context?.onReasoning?.(i, 0, [i]);
        });
        return given.map(() => [grade]);
      },
    };
    const reported: unknown[] = new Array(12);
    const reasoned: number[] = [];
    const grades = await new MixedGrader(grader, grader, mixed({ share: 0.5 })).grade(
      rollouts,
      { seed: 9 },
      {
        onGrade: (rollout, _, { by }) => {
          reported[rollout] = by;
        },
        onReasoning: (rollout) => reasoned.push(rollout),
      },
    );
    expect(seeds).toEqual([9, 9]);
    expect(reported).toEqual(grades.map(([grade]) => grade!.by));
    expect([...reasoned].sort((a, b) => a - b)).toEqual([...rollouts.keys()]);
  });

  it.each([
    [0, 'policy'],
    [1, 'teacher'],
  ])('with a share of %f asks the %s alone', async (share, only) => {
    const { by, policy, teacher } = await gradedBy({ share }, 7);
    expect(new Set(by)).toEqual(new Set([only]));
    expect([policy.asked.length, teacher.asked.length].sort()).toEqual([0, 12]);
  });

  it('stops on abort', async () => {
    const grader = new MixedGrader(named('policy'), named('teacher'), mixed({}));
    const grading = grader.grade(rollouts, { seed: 1 }, { signal: AbortSignal.abort() });
    await expect(grading).rejects.toThrow(/abort/i);
  });
});
