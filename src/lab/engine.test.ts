import { expect, it } from 'vitest';
import { recipeSchema } from '../domain/recipe/recipe';
import { asSources, tinyConfig, tinyFolder } from '../formats/test/testModel';
import { Gpu } from '../gpu/gpu';
import { testGpu } from '../gpu/test/testGpu';
import { ModelGrader } from '../grading/policyGrader';
import { register, tableFor } from '../kernels/gemm/gemmVariants';
import type { LanguageModel } from '../model/languageModel';
import { TUNING_VERSION } from '../model/tuning';
import { testExample, testRollout } from '../rl/test/testModel';
import { TransformerPolicy } from '../rl/transformerPolicy';
import { Engine } from './engine';
import { memoryNeeds } from './models/memoryNeeds';
import { openModel } from './models/openModel';
import { makeCheckpoint, restoreCheckpoint } from './run/checkpointState';
import { openProbeThread } from './test/probeHere';

const run = recipeSchema.parse({
  trainable: { kind: 'full' },
  sampling: { maxNewTokens: 12 },
  maxPromptTokens: 64,
  grader: { kind: 'frozen', mode: 'verdict', template: '<<conversation>>?<<rubric_item>>' },
  loss: { klCoef: 0.05 },
  optimizer: { learningRate: 1e-2, microBatchTokens: 64 },
});
const examples = [testExample('a'), testExample('b')];

it('grades alike before, during and after full fine-tuning when the grader is frozen, and after a resume', async () => {
  const opened = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false, openProbeThread });
  const engine = new Engine(testGpu);
  const build = () => engine.build(opened, memoryNeeds(run, opened, examples));
  const answers = examples.map((example, group) => testRollout(example, group, 'rest and drink'));
  const confidences = async (model: LanguageModel, kind: 'self' | 'frozen') => {
    const grades = await new ModelGrader(model, opened.text, { ...run.grader, kind }).grade(answers, { seed: 1 });
    return grades.flat().map(({ confidence }) => confidence);
  };

  const model = await build();
  const before = await confidences(model, 'frozen');
  const policy = new TransformerPolicy(model, opened.text);
  const kl: (number | null)[] = [];
  for (let step = 0; step < 3; step++) {
    const rollouts = await policy.generate(examples, 2, run.sampling, { seed: step });
    kl.push((await policy.update(rollouts, Float32Array.of(1, -1, 0.5, -0.5), run, { step })).kl);
    expect(await confidences(model, 'frozen')).toEqual(before);
  }
  expect(kl[0]).toBeLessThan(1e-6); // the reference is the policy until it has moved
  expect(kl[2]).toBeGreaterThan(1e-3);
  const trained = await confidences(model, 'self');
  expect(trained).not.toEqual(before);

  const checkpoint = await makeCheckpoint(model, 3, opened.report.id);
  const resumed = await build();
  await restoreCheckpoint(resumed, checkpoint, opened);
  expect(await confidences(resumed, 'frozen')).toEqual(before);
  expect(await confidences(resumed, 'self')).toEqual(trained);
  engine.releaseModel();
});

it('takes the kernel table that was kept for a graphics card before it compiles a model', async () => {
  const opened = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false, openProbeThread });
  const { device, facts } = await testGpu();
  const card = new Gpu(device, { ...facts, software: false });
  const table = (['forward', 'inputGrad', 'weightGrad'] as const).map((orientation) => ({
    orientation,
    formats: ['f32'],
    variant: register(8, 8, 1, 1),
  }));
  const asked: string[] = [];
  const load = async (key: string) => {
    asked.push(key);
    return { version: TUNING_VERSION, table };
  };
  const engine = new Engine(async () => card, { load, save: async () => {} });
  await engine.build(opened, memoryNeeds(run, opened, examples));
  expect(asked).toEqual([expect.stringContaining(facts.description)]);
  expect(tableFor(card)).toEqual(table);
  engine.releaseModel();
});
