import { describe, expect, it } from 'vitest';
import type { Example } from '../domain/example';
import { type GradedAnswers, stepGroups } from './dynamicSampling';
import { testExample, testRollout } from './test/testModel';

const examples = Array.from({ length: 5 }, (_, i) => testExample(`p${i}`));

describe('the groups of a step', () => {
  const answers = (examples: readonly Example[], spread: (example: Example) => boolean): GradedAnswers => {
    const rollouts = examples.flatMap((example, group) => ['a', 'b'].map((text) => testRollout(example, group, text)));
    const rewards = rollouts.map(({ example, completion }) => (spread(example) && completion === 'b' ? 0 : 1));
    return { rollouts, grades: rollouts.map(() => []), rewards, shaped: rewards, reference: null };
  };
  const settings = { promptsPerStep: 2, groupSize: 2, maxRefills: 2 };
  const next = (_: number, count: number, not: ReadonlySet<string>) =>
    examples.filter(({ promptId }) => !not.has(promptId)).slice(0, count);

  it('keeps the groups that teach, and says what the others got', async () => {
    const rounds: string[][] = [];
    const got = await stepGroups(settings, next, async (prompts) => {
      rounds.push(prompts.map(({ promptId }) => promptId));
      return answers(prompts, ({ promptId }) => promptId === 'p1' || promptId === 'p3');
    });
    expect(rounds).toEqual([['p0', 'p1'], ['p2'], ['p3']]);
    expect(got.rollouts.map(({ example, group }) => [example.promptId, group])).toEqual([
      ['p1', 0],
      ['p1', 0],
      ['p3', 1],
      ['p3', 1],
    ]);
    expect(got.dropped).toEqual([1, 1]);
  });

  it('makes up with dropped groups what refills do not bring', async () => {
    const got = await stepGroups(settings, next, async (prompts) => answers(prompts, () => false));
    expect(got.rollouts).toHaveLength(4);
    expect(got.dropped).toHaveLength(5); // all there are
    const off = await stepGroups({ ...settings, maxRefills: 0 }, next, async (prompts) =>
      answers(prompts, () => false),
    );
    expect(off.rollouts.map(({ example }) => example.promptId)).toEqual(['p0', 'p0', 'p1', 'p1']);
    expect(off.dropped).toBeNull();
  });
});
