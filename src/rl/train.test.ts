import { describe, expect, it } from 'vitest';
import { type RunConfigInput, runConfigSchema } from '../config/run';
import { klTerm } from '../reference/grpoLoss';
import type { Example } from '../rubric/example';
import type { Grade } from '../rubric/verdict';
import { groupAdvantages } from './advantages';
import { exampleStream } from './exampleStream';
import { type GradedAnswers, stepGroups } from './gradedGroups';
import { learningRateAt } from './learningRate';
import type { Grader, Policy } from './policy';
import { charactersPenalty, klOfAnswer, overlongPenalty } from './shapedReward';
import { testExample, testRollout } from './testModel';
import { NotFinite, type StepReport, train } from './train';

const examples = Array.from({ length: 5 }, (_, i) => testExample(`p${i}`));
const config = (change: RunConfigInput = {}) =>
  runConfigSchema.parse({ steps: 4, promptsPerStep: 2, groupSize: 3, ...change });

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

async function run(startStep = 0, steps = 4, change: RunConfigInput = {}) {
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

  it('fall over the last tokens, and are even around the centre', () => {
    const soft = { overlongTokens: 4, overlongPenalty: 0.5 };
    expect([6, 16, 17, 18, 20, 25].map((tokens) => overlongPenalty(tokens, 20, soft))).toEqual([
      0, 0, 0.125, 0.25, 0.5, 0.5,
    ]);
    expect(overlongPenalty(20, 20, { ...soft, overlongTokens: 0 })).toBe(0);
    const professional = { per500Characters: 0.0147, centreCharacters: 2000 };
    expect(charactersPenalty(2500, professional)).toBeCloseTo(0.0147, 12);
    expect(charactersPenalty(0, professional)).toBeCloseTo(-4 * 0.0147, 12);
  });

  it('estimate KL as the loss does', () => {
    for (const kind of ['k1', 'k2', 'k3', 'lowVar'] as const) {
      const wanted = klTerm(kind, -0.5).value + klTerm(kind, 1).value + klTerm(kind, -4).value;
      expect(klOfAnswer(kind, [-1, -1, -5], [-0.5, -2, -1])).toBeCloseTo(wanted, 12);
    }
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

describe('the example stream', () => {
  it('shows every example once per epoch, in another order each time', () => {
    const stream = exampleStream(examples, 7);
    const ids = (step: number) => stream.take(step, 5).map(({ promptId }) => promptId);
    expect([...ids(0)].sort()).toEqual(examples.map(({ promptId }) => promptId));
    expect([...ids(1)].sort()).toEqual([...ids(0)].sort());
    expect([ids(0), ids(1), ids(2)].map(String)).not.toEqual([ids(0), ids(0), ids(0)].map(String));
  });

  it('is a function of the step alone, across epochs too', () => {
    const forward = exampleStream(examples, 7);
    const all = Array.from({ length: 6 }, (_, step) => forward.take(step, 3));
    expect(exampleStream(examples, 7).take(4, 3)).toEqual(all[4]);
    expect(forward.take(1, 3)).toEqual(all[1]);
  });
});

it('warms the learning rate up from 0 and then keeps it, or lets it fall to 0 at the last step', () => {
  const rates = (schedule: 'constant' | 'linear' | 'cosine', steps: readonly number[]) =>
    steps.map((step) => learningRateAt({ learningRate: 4, warmupSteps: 2, schedule }, step, 10));
  expect(rates('constant', [0, 1, 2, 3, 9])).toEqual([0, 2, 4, 4, 4]);
  expect(rates('linear', [1, 2, 6, 9, 10, 12])).toEqual([2, 4, 2, 0.5, 0, 0]);
  expect(rates('cosine', [1, 2, 10])).toEqual([2, 4, 0]);
  expect(rates('cosine', [6])[0]).toBeCloseTo(2, 12);
});
