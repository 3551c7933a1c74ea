import { describe, expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../domain/recipe/recipe';
import type { Grade } from '../domain/verdict';
import type { Grader } from '../grading/grader';
import { groupAdvantages } from './advantages';
import { exampleStream } from './exampleStream';
import type { Policy } from './policy';
import { testExample, testRollout } from './test/testModel';
import { NotFinite, type StepReport, train } from './train';

const examples = Array.from({ length: 5 }, (_, i) => testExample(`p${i}`));
const config = (change: RecipeInput = {}) =>
  recipeSchema.parse({ steps: 4, promptsPerStep: 2, groupSize: 3, ...change });

/** Answers depend on the seed; the first criterion is met by answers whose draw is even. */
function fakes(finite = true) {
  const calls: string[] = [];
  const policy: Policy = {
    generate: async (prompts, groupSize, _, { seed, onProgress }) => {
      calls.push(`generate ${seed}`);
      onProgress?.(1, 2);
      return prompts.flatMap((example, group) =>
        Array.from({ length: groupSize }, (_, i) =>
          testRollout(example, group, `answer ${(seed + i * (group + 1)) % 10}`),
        ),
      );
    },
    update: async (_, advantages, __, { step }) => {
      calls.push(`update ${step} ${[...advantages].map((a) => a.toFixed(3)).join()}`);
      const gradNorm = finite ? 1 : Number.NaN;
      const update = {
        loss: 0.5,
        gradNorm,
        learningRate: 1e-5,
        kl: null,
        clipRatio: 0,
        entropy: 1,
        logprobDifference: 0,
      };
      return { ...update, tokens: 1, finite };
    },
    referenceLogprobs: async (rollouts) => rollouts.map(({ logprobs }) => logprobs.map((logprob) => logprob - 0.25)),
  };
  const grader: Grader = {
    grade: async (rollouts) =>
      rollouts.map(
        ({ completion }): Grade =>
          [Number(completion.at(-1)) % 2 === 0, false].map((met) => ({
            verdict: met ? 'met' : 'notMet',
            explanation: '',
            confidence: null,
            failure: null,
          })),
      ),
  };
  return { policy, grader, calls };
}

async function run(startStep = 0, steps = 4, change: RecipeInput = {}) {
  const { policy, grader, calls } = fakes();
  const reports: StepReport[] = [];
  const loop = train(config({ steps, ...change }), policy, grader, exampleStream(examples, 1), { startStep });
  for await (const report of loop) reports.push(report);
  return { reports, calls };
}

describe('the loop', () => {
  it('counts steps from 1 and hands rollouts, grades, rewards and advantages on', async () => {
    const { reports } = await run();
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const { rollouts, rewards, advantages } = reports[0]!;
    expect([rollouts.length, rewards.length, advantages.length]).toEqual([6, 6, 6]);
    expect(rewards).toEqual(rollouts.map(({ completion }) => (Number(completion.at(-1)) % 2 === 0 ? 1 : 0)));
  });

  it('does the same from a start step as without stopping', async () => {
    const whole = await run();
    const resumed = await run(2);
    expect(resumed.calls).toEqual(whole.calls.slice(4));
    expect(resumed.reports.map(({ rollouts }) => rollouts)).toEqual(
      whole.reports.slice(2).map(({ rollouts }) => rollouts),
    );
  });

  it('pauses when nobody asks for the next step, and ends on return', async () => {
    const { policy, grader, calls } = fakes();
    const loop = train(config(), policy, grader, exampleStream(examples, 1), { startStep: 0 });
    expect((await loop.next()).value?.step).toBe(1);
    expect(calls).toHaveLength(2);
    await loop.return();
    expect((await loop.next()).done).toBe(true);
    expect(calls).toHaveLength(2);
  });

  it('abandons a step on abort, before its update', async () => {
    const { policy, grader, calls } = fakes();
    const stop = new AbortController();
    const onPhase = () => stop.abort();
    const loop = train(config(), policy, grader, exampleStream(examples, 1), {
      startStep: 0,
      signal: stop.signal,
      onPhase,
    });
    await expect(loop.next()).rejects.toThrow(/abort/i);
    expect(calls.filter((call) => call.startsWith('update'))).toEqual([]);
  });

  it('names the quantity and the step that are not finite', async () => {
    const { policy, grader } = fakes(false);
    const loop = train(config(), policy, grader, exampleStream(examples, 1), { startStep: 2 });
    const error = await loop.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFinite);
    expect(error).toMatchObject({ quantity: 'gradient norm', step: 3 });
  });

  it('reports phases with their step', async () => {
    const { policy, grader } = fakes();
    const seen: unknown[] = [];
    const onPhase = (...args: unknown[]) => seen.push(args);
    await train(config(), policy, grader, exampleStream(examples, 1), { startStep: 0, onPhase }).next();
    expect(seen).toEqual([['rollout', 1, 2, 1]]);
  });
});

describe('shaped rewards', () => {
  it('take penalties from the advantages, and leave the reward as it is', async () => {
    const { reports } = await run(0, 1, {
      sampling: { maxNewTokens: 10 },
      lengthPenalty: { overlongTokens: 4, overlongPenalty: 2, per500Characters: 0.5, centreCharacters: 0 },
      loss: { klCoef: 0.1, klKind: 'k1', klIn: 'reward' },
    });
    const { rollouts, rewards, shaped, advantages, update } = reports[0]!;
    rollouts.forEach(({ completion }, i) => {
      expect(rewards[i]).toBe(Number(completion.at(-1)) % 2 === 0 ? 1 : 0);
      const n = completion.length; // tokens and characters are the same here
      const penalty = 2 * ((n - 6) / 4) + 0.5 * (n / 500) + 0.1 * 0.25 * n;
      expect(shaped[i]).toBeCloseTo(rewards[i]! - penalty, 5);
    });
    expect([...advantages]).toEqual([...groupAdvantages(shaped, 3, { scaleRewards: 'group' })]);
    expect(update.kl).toBeCloseTo(0.25, 5);
  });

  it('are the rewards without penalties', async () => {
    const { reports } = await run(0, 1);
    expect(reports[0]!.shaped).toEqual(reports[0]!.rewards);
    expect(reports[0]!.update.kl).toBeNull();
  });
});

describe('dynamic sampling', () => {
  it('drops groups with equal rewards and answers further prompts instead, none twice', async () => {
    const { reports } = await run(0, 4, { maxRefills: 3 });
    for (const { rollouts, rewards, advantages } of reports) {
      expect(rollouts.map(({ group }) => group)).toEqual([0, 0, 0, 1, 1, 1]);
      expect(new Set(rollouts.map(({ example }) => example.promptId)).size).toBe(2);
      expect(rewards.every((reward) => reward !== null)).toBe(true);
      expect(advantages).toHaveLength(6);
    }
    expect(reports.some(({ dropped }) => dropped!.length > 0)).toBe(true);
    // The fake's answers to a prompt differ by its place alone, so what is dropped can be counted.
    for (const { rewards, dropped } of reports) {
      const equal = [rewards.slice(0, 3), rewards.slice(3)].filter((group) => new Set(group).size === 1).length;
      expect(equal).toBeLessThanOrEqual(dropped!.length);
    }
  });

  it('does the same from a start step as without stopping', async () => {
    const whole = await run(0, 4, { maxRefills: 3 });
    const resumed = await run(2, 4, { maxRefills: 3 });
    expect(resumed.reports.map(({ rollouts, dropped }) => ({ rollouts, dropped }))).toEqual(
      whole.reports.slice(2).map(({ rollouts, dropped }) => ({ rollouts, dropped })),
    );
  });
});
