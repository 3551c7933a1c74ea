import { expect, it } from 'vitest';
import { problems } from '../../domain/recipe/problems';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import { ModelGrader } from '../../grading/policyGrader';
import { exampleStream } from '../../rl/exampleStream';
import { stepMetrics } from '../../rl/metrics';
import type { StepReport } from '../../rl/stepReport';
import { testExample } from '../../rl/test/testModel';
import { train } from '../../rl/train';
import { TransformerPolicy } from '../../rl/transformerPolicy';
import { warmStart } from '../../rl/warmStart';
import { Engine } from '../engine';
import { memoryNeeds } from '../models/memoryNeeds';
import { type OpenModel, openModel } from '../models/openModel';
import { openProbeThread } from '../test/probeHere';
import { warmStartExamples } from './warmStartData';

const examples = Array.from({ length: 6 }, (_, i) => testExample(`p${i}`, [5, 3, 2, -4]));
let opened: Promise<OpenModel> | undefined;

/** Three steps of a recipe on a small random model, whose verdicts are drawn, so that rewards differ. */
async function threeSteps(change: RecipeInput): Promise<StepReport[]> {
  const run = recipeSchema.parse({
    steps: 3,
    promptsPerStep: 2,
    groupSize: 4,
    maxPromptTokens: 64,
    grader: { mode: 'verdict', verdict: 'drawn', template: '<<conversation>>?<<rubric_item>>' },
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
    ...change,
    sampling: { maxNewTokens: 12, ...change.sampling },
    optimizer: { learningRate: 1e-2, microBatchTokens: 96, ...change.optimizer },
  });
  expect(problems(run)).toEqual([]);
  opened ??= asSources(tinyFolder(tinyConfig())).then((sources) =>
    openModel(sources, { builtIn: false, openProbeThread }),
  );
  const { text } = await opened;
  const engine = new Engine(testGpu);
  const model = await engine.build(await opened, memoryNeeds(run, await opened, examples));
  const reports: StepReport[] = [];
  const grader = new ModelGrader(model, text, run.grader);
  const policy = new TransformerPolicy(model, text);
  for await (const report of train(run, policy, grader, exampleStream(examples, 1), { startStep: 0 })) {
    reports.push(report);
    for (const value of Object.values(stepMetrics(report, run))) {
      if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    }
  }
  engine.releaseModel();
  return reports;
}

const learns = (reports: readonly StepReport[]) => {
  expect(reports).toHaveLength(3);
  expect(Math.max(...reports.map(({ update }) => update.gradNorm))).toBeGreaterThan(0);
  // Answering and learning have the same logprobs, whatever the loss.
  for (const { update } of reports) expect(update.logprobDifference).toBeLessThan(1e-4);
};

it.each<[string, RecipeInput]>([
  ['grpo, a linear schedule', { optimizer: { schedule: 'linear' } }],
  ['dr_grpo without scaling', { loss: { type: 'dr_grpo', scaleRewards: 'none' } }],
  [
    'gspo, answers gone through twice',
    { loss: { type: 'gspo', clipLow: 3e-4, clipHigh: 4e-4 }, optimizer: { epochsPerRollout: 2 } },
  ],
  ['cispo, two updates a step', { loss: { type: 'cispo', clipHigh: 5 }, optimizer: { stepsPerRollout: 2 } }],
  ['a cap and an entropy bonus', { loss: { clipCap: 1.5, entropyCoef: 0.01 }, optimizer: { epochsPerRollout: 3 } }],
])('%s: runs end to end', async (_, change) => learns(await threeSteps(change)));

it.each<[string, RecipeInput]>([
  ['k1, dapo', { loss: { klKind: 'k1', type: 'dapo' } }],
  ['k2, bnpo scaled by the step', { loss: { klKind: 'k2', type: 'bnpo', scaleRewards: 'batch' } }],
  [
    'k3, all weights, a cosine with warm-up',
    { trainable: { kind: 'full' }, optimizer: { schedule: 'cosine', warmupSteps: 1 } },
  ],
  ['lowVar, grpo', { loss: { klKind: 'lowVar' } }],
])('KL in the loss, %s: runs end to end', async (_, change) => {
  const reports = await threeSteps({ ...change, loss: { ...change.loss, klCoef: 0.05 } });
  learns(reports);
  expect(Math.abs(reports[0]!.update.kl!)).toBeLessThan(1e-4); // nothing has moved yet
  expect(Math.abs(reports[2]!.update.kl!)).toBeGreaterThan(1e-4);
});

it.each<[string, RecipeInput]>([
  ['an adapter', {}],
  ['all weights', { trainable: { kind: 'full' } }],
])('KL in the reward runs end to end with %s', async (_, change) => {
  const reports = await threeSteps({ ...change, loss: { klCoef: 0.05, klIn: 'reward', klKind: 'k1' } });
  learns(reports);
  const { rewards, shaped, update } = reports[2]!;
  expect(shaped).not.toEqual(rewards);
  expect(Math.abs(update.kl!)).toBeGreaterThan(1e-4);
});

it('penalties for length run end to end', async () => {
  const lengthPenalty = { overlongTokens: 6, overlongPenalty: 0.5, per500Characters: 0.5, centreCharacters: 20 };
  const reports = await threeSteps({ lengthPenalty });
  learns(reports);
  const { rollouts, rewards, shaped } = reports[0]!;
  const cut = rollouts.findIndex(({ finish }) => finish === 'length');
  expect(rewards[cut]! - shaped[cut]!).toBeGreaterThan(0.45);
});

it('masked truncated answers run end to end', async () => {
  const reports = await threeSteps({ loss: { truncated: 'masked' } });
  expect(reports).toHaveLength(3);
  for (const { rollouts, update } of reports) {
    if (rollouts.every(({ finish }) => finish === 'length')) expect(update.gradNorm).toBe(0);
  }
});

it('a warm start runs end to end: its examples become likelier, and the steps go on from there', async () => {
  const run = recipeSchema.parse({
    warmStart: { steps: 6, documentsPerStep: 3, learningRate: 1e-2 },
    maxPromptTokens: 64,
    sampling: { maxNewTokens: 12 },
    grader: { mode: 'verdict', template: '<<conversation>>?<<rubric_item>>' },
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
  });
  opened ??= asSources(tinyFolder(tinyConfig())).then((sources) =>
    openModel(sources, { builtIn: false, openProbeThread }),
  );
  const model = await new Engine(testGpu).build(await opened, memoryNeeds(run, await opened, examples));
  const ideal = [{ ...examples[0]!, idealCompletion: 'rest and drink' }];
  const asked = { promptId: 'j', prompt: ideal[0]!.prompt, completion: 'rest', criterion: 'says rest' };
  const source = warmStartExamples(run, await opened, ideal, [{ ...asked, points: 5, met: true, explanation: '' }]);
  const longest = Math.min(model.sizes.sequence, model.sizes.batchRows);
  const losses: number[] = [];
  for await (const { loss, examples: count } of warmStart(run, model, source, { startStep: 0, longest })) {
    losses.push(loss);
    expect(count).toBe(3);
  }
  expect(losses[0]).toBeGreaterThan(1);
  expect(losses[5]).toBeLessThan(0.8 * losses[0]!);
  // The optimizer began anew.
  expect((await model.saveTrainable()).optimizer.every((byte) => byte === 0)).toBe(true);
  model.release();
});

it('dynamic sampling runs end to end', async () => {
  // One criterion: a group of four is often of one mind.
  const reports = await threeSteps({ maxRefills: 2, groupSize: 2 });
  expect(reports).toHaveLength(3);
  for (const { rollouts, dropped } of reports) {
    expect(rollouts).toHaveLength(4);
    expect(dropped).not.toBeNull();
  }
});
