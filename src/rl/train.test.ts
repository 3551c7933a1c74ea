import { describe, expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../domain/recipe/recipe';
import type { Grade } from '../domain/verdict';
import type { Grader } from '../grading/grader';
import { derive } from '../random';
import { groupAdvantages } from './advantages';
import { exampleStream } from './exampleStream';
import { NotFinite } from './notFinite';
import type { Policy, UpdateReport } from './policy';
import type { StepReport } from './stepReport';
import { testExample, testRollout } from './test/testModel';
import { train } from './train';

const examples = Array.from({ length: 5 }, (_, i) => testExample(`p${i}`));
const config = (change: RecipeInput = {}) =>
  recipeSchema.parse({ steps: 4, promptsPerStep: 2, groupSize: 3, ...change });

/** Answers depend on the seed; the first criterion is met by answers whose draw is even. */
function fakes(reported: Partial<UpdateReport> = {}) {
  const calls: string[] = [];
  const policy: Policy = {
    generate: async (prompts, groupSize, _, { seed }, context) => {
      calls.push(`generate ${seed}`);
      context?.onProgress?.(1, 2);
      return prompts.flatMap((example, group) =>
        Array.from({ length: groupSize }, (_, i) =>
          testRollout(example, group, `answer ${(seed + i * (group + 1)) % 10}`),
        ),
      );
    },
    update: async (_, advantages, __, { step }) => {
      calls.push(`update ${step} ${[...advantages].map((a) => a.toFixed(3)).join()}`);
      const update = { loss: 0.5, gradNorm: 1, learningRate: 1e-5, kl: null, clipRatio: 0, entropy: 1 };
      return { ...update, logprobDifference: 0, tokens: 1, finite: true, ...reported };
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
    const context = { signal: stop.signal, onPhase };
    const loop = train(config(), policy, grader, exampleStream(examples, 1), { startStep: 0 }, context);
    await expect(loop.next()).rejects.toThrow(/abort/i);
    expect(calls.filter((call) => call.startsWith('update'))).toEqual([]);
  });

  it.each<[string, Partial<UpdateReport>]>([
    ['loss', { loss: Number.NaN, finite: false }],
    ['gradient norm', { gradNorm: Number.POSITIVE_INFINITY, finite: false }],
    ['KL', { kl: Number.NaN }],
    ['gradient', { finite: false }], // the update alone knows: its means are finite
  ])('throws NotFinite with the step when an update has no finite %s', async (quantity, reported) => {
    const { policy, grader } = fakes(reported);
    const loop = train(config(), policy, grader, exampleStream(examples, 1), { startStep: 2 });
    const error = await loop.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFinite);
    expect(error).toMatchObject({ quantity, step: 3 });
  });

  it('throws NotFinite for a sampled logprob, before anything is graded', async () => {
    const { policy, grader, calls } = fakes();
    const spoilt: Policy = {
      ...policy,
      generate: async (...args) => {
        const rollouts = await policy.generate(...args);
        rollouts[4]!.logprobs[0] = Number.NaN;
        return rollouts;
      },
    };
    const loop = train(config(), spoilt, grader, exampleStream(examples, 1), { startStep: 0 });
    await expect(loop.next()).rejects.toMatchObject({ name: 'NotFinite', quantity: 'logprob', step: 1 });
    expect(calls.filter((call) => call.startsWith('update'))).toEqual([]);
  });

  it('gives an ungraded answer no reward and the advantage 0', async () => {
    const { policy, grader } = fakes();
    const ungraded = { verdict: 'ungraded', explanation: '', confidence: null, failure: 'unreadable' } as const;
    const gaps: Grader = {
      grade: async (...args) =>
        (await grader.grade(...args)).map((grade, i) => (i % 3 === 1 ? grade.map(() => ungraded) : grade)),
    };
    for (const scaleRewards of ['group', 'batch', 'none'] as const) {
      const recipe = config({ loss: { scaleRewards } });
      for await (const { rewards, advantages } of train(recipe, policy, gaps, exampleStream(examples, 1), {
        startStep: 0,
      })) {
        expect([rewards[1], rewards[4]]).toEqual([null, null]);
        expect([advantages[1], advantages[4]]).toEqual([0, 0]);
      }
    }
  });

  it('reports phases with their step', async () => {
    const { policy, grader } = fakes();
    const seen: unknown[] = [];
    const onPhase = (...args: unknown[]) => seen.push(args);
    await train(config(), policy, grader, exampleStream(examples, 1), { startStep: 0 }, { onPhase }).next();
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

/** Two answers to each prompt: 'a', and 'bbbb', which meets the first criterion where `spread` says so. */
async function sampledSteps(spread: (promptId: string) => boolean, change: RecipeInput = {}) {
  const rounds: { prompts: string[]; rolloutSeed: number; gradeSeed: number }[] = [];
  const { policy: base } = fakes();
  const policy: Policy = {
    ...base,
    generate: async (prompts, _, __, { seed }) => {
      rounds.push({ prompts: prompts.map(({ promptId }) => promptId), rolloutSeed: seed, gradeSeed: 0 });
      return prompts.flatMap((example, group) => ['a', 'bbbb'].map((text) => testRollout(example, group, text)));
    },
  };
  const grader: Grader = {
    grade: async (rollouts, { seed }) => {
      rounds.at(-1)!.gradeSeed = seed;
      return rollouts.map(({ example, completion }): Grade => {
        const met = completion === 'bbbb' && spread(example.promptId);
        const grade = { verdict: met ? 'met' : 'notMet', explanation: '', confidence: null, failure: null } as const;
        return [grade, { ...grade, verdict: 'notMet' }];
      });
    },
  };
  const recipe = config({ steps: 1, groupSize: 2, maxRefills: 2, ...change });
  const reports: StepReport[] = [];
  for await (const report of train(recipe, policy, grader, exampleStream(examples, recipe.seed), { startStep: 0 }))
    reports.push(report);
  const promptIds = reports.map(({ rollouts }) => rollouts.map(({ example }) => example.promptId));
  return { rounds, reports, promptIds, recipe };
}

describe('dynamic sampling', () => {
  it('drops groups with equal rewards, and samples further prompts in their place', async () => {
    const [first, second] = (await sampledSteps(() => true)).rounds[0]!.prompts;
    const { rounds, reports, promptIds } = await sampledSteps((promptId) => promptId !== first);
    expect(rounds.map(({ prompts }) => prompts.length)).toEqual([2, 1]);
    const [refill] = rounds[1]!.prompts;
    expect(promptIds[0]).toEqual([second, second, refill, refill]);
    expect(reports[0]!.rollouts.map(({ group }) => group)).toEqual([0, 0, 1, 1]);
    expect(reports[0]!.rewards).toEqual([0, 1, 0, 1]);
    expect(reports[0]!.dropped).toEqual([0]); // its mean reward
  });

  it('never samples a prompt twice in a step, and stops when there is none left', async () => {
    const { rounds, reports } = await sampledSteps(() => false, { maxRefills: 10 });
    const prompts = rounds.flatMap((round) => round.prompts);
    expect([...prompts].sort()).toEqual(examples.map(({ promptId }) => promptId));
    expect(rounds.map((round) => round.prompts.length)).toEqual([2, 2, 1]);
    expect(reports[0]!.rollouts).toHaveLength(4); // dropped groups take the missing places
    expect(reports[0]!.dropped).toHaveLength(5);
  });

  it('samples at most maxRefills further rounds', async () => {
    for (const maxRefills of [0, 1, 2]) {
      const { rounds, reports } = await sampledSteps(() => false, { maxRefills });
      expect(rounds).toHaveLength(1 + maxRefills);
      expect(reports[0]!.rollouts).toHaveLength(4);
      expect(reports[0]!.dropped?.length ?? null).toBe(maxRefills === 0 ? null : [4, 5][maxRefills - 1]);
    }
  });

  it('compares shaped rewards, not rubric rewards', async () => {
    // Four tokens cost as much as the criterion is worth; one token costs nothing.
    const penalty = { sampling: { maxNewTokens: 4 }, lengthPenalty: { overlongTokens: 3, overlongPenalty: 1 } };
    const apart = await sampledSteps(() => false, penalty);
    expect(apart.rounds).toHaveLength(1);
    expect(apart.reports[0]!.rewards).toEqual([0, 0, 0, 0]);
    expect(apart.reports[0]!.shaped).toEqual([0, -1, 0, -1]);
    expect(apart.reports[0]!.dropped).toEqual([]);
    const wanted = groupAdvantages([0, -1, 0, -1], 2, apart.recipe.loss);
    expect(wanted[0]).toBeGreaterThan(0);
    expect([...apart.reports[0]!.advantages]).toEqual([...wanted]);
    const equal = await sampledSteps(() => true, { ...penalty, maxRefills: 1 });
    expect(equal.rounds).toHaveLength(2);
    expect(equal.reports[0]!.rewards).toEqual([0, 1, 0, 1]);
    expect(equal.reports[0]!.shaped).toEqual([0, 0, 0, 0]);
    expect(equal.reports[0]!.dropped).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('draws each round with seeds of its own', async () => {
    const { rounds, recipe } = await sampledSteps(() => false, { maxRefills: 2, seed: 7 });
    expect(rounds.map(({ rolloutSeed }) => rolloutSeed)).toEqual([
      derive(recipe.seed, 'rollout', 0),
      derive(recipe.seed, 'rollout', 0, 1),
      derive(recipe.seed, 'rollout', 0, 2),
    ]);
    expect(rounds.map(({ gradeSeed }) => gradeSeed)).toEqual([
      derive(recipe.seed, 'grade', 0),
      derive(recipe.seed, 'grade', 0, 1),
      derive(recipe.seed, 'grade', 0, 2),
    ]);
    expect(new Set(rounds.flatMap(({ rolloutSeed, gradeSeed }) => [rolloutSeed, gradeSeed])).size).toBe(6);
  });

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
