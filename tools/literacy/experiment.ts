/**
 * Does a real model learn what a program can check? Trains SmolLM2-135M-Instruct by LoRA on the health-literacy prompts
 * and measures the true reward on prompts of topics that it never saw: `npm run experiment -- real-model [--seeds 1,2,3]
 * [--arms program,shuffled,self]`. One folder per arm and seed; a run that was stopped goes on at its last checkpoint.
 *
 * The truth here is easy to game: five generic pieces of advice as a list ("Rest and drink water", "Watch for fever",
 * …), searched greedily on the training prompts, score 0.64 on every held-out prompt. Compare with that, not with 0, and
 * read the answers.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { trueReward } from '../../src/data/truth';
import type { Example } from '../../src/domain/example';
import { type RecipeInput, recipeSchema } from '../../src/domain/recipe/recipe';
import { mean } from '../../src/domain/statistics';
import { visibleAnswer } from '../../src/domain/visibleAnswer';
import { clippedScore } from '../../src/evaluation/scores';
import { ModelGrader } from '../../src/grading/policyGrader';
import { openDawn } from '../../src/hosts/cli/dawn';
import { nodeFile } from '../../src/hosts/cli/input/nodeFiles';
import { openProbeThread } from '../../src/hosts/cli/probeThread';
import { openData } from '../../src/lab/data/openData';
import { Engine } from '../../src/lab/engine';
import { memoryNeeds } from '../../src/lab/models/memoryNeeds';
import { openModel } from '../../src/lab/models/openModel';
import { makeCheckpoint, restoreCheckpoint } from '../../src/lab/run/checkpointState';
import { completeRecipe } from '../../src/lab/run/completeRecipe';
import type { LanguageModel } from '../../src/model/languageModel';
import { exampleStream } from '../../src/rl/exampleStream';
import { stepMetrics } from '../../src/rl/metrics';
import { train } from '../../src/rl/train';
import { TransformerPolicy } from '../../src/rl/transformerPolicy';
import { shuffledAdvantages } from '../tiny/experiment/arms';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: '.cache/models/SmolLM2-135M-Instruct.Q4_1.gguf' },
    seeds: { type: 'string', default: '1,2,3' },
    arms: { type: 'string', default: 'program,shuffled,self' },
    steps: { type: 'string', default: '60' },
    /** Steps between measurements on held-out prompts, and between checkpoints. */
    every: { type: 'string', default: '20' },
    save: { type: 'string', default: '5' },
    /** Held-out prompts and answers of each measurement. */
    prompts: { type: 'string', default: '48' },
    answers: { type: 'string', default: '2' },
    /** Changes to the recipe, as JSON. */
    config: { type: 'string', default: '{}' },
    out: { type: 'string', default: '.cache/real-model' },
  },
});
const [steps, every, save] = [Number(values.steps), Number(values.every), Number(values.save)];
const EVALUATION_SEED = 11;

/**
 * The published method's recipe at the size of this model. A step of 2 × 4 answers of at most 64 tokens took 220 s on
 * two cores with Lavapipe that six other jobs shared; one of 4 × 6 answers of 112 tokens more than 7 minutes.
 */
const RECIPE: RecipeInput = {
  promptsPerStep: 2,
  groupSize: 4,
  maxPromptTokens: 128,
  sampling: { temperature: 1, maxNewTokens: 80 },
  trainable: { kind: 'lora', rank: 16, alpha: 32 },
  optimizer: { learningRate: 2e-4, warmupSteps: 5, microBatchTokens: 1024 },
  probes: { every: 0 },
};

const ARMS: Readonly<Record<string, RecipeInput>> = {
  program: {},
  shuffled: {},
  self: { grader: { checks: 'grader', mode: 'verdict', verdict: 'soft' } },
};

/** Files of a checkpoint. */
const PARTS = ['trained.safetensors', 'optimizer', 'state.json'];

const opened = await openModel([await nodeFile(values.model)], { builtIn: false, openProbeThread });
const [training, heldOut] = await Promise.all(['literacy', 'literacy-heldout'].map(examplesOf));
const engine = new Engine(openDawn);
for (const arm of values.arms.split(','))
  for (const seed of values.seeds.split(',').map(Number)) await runArm(arm, seed);
process.exit(0);

async function examplesOf(name: string): Promise<Example[]> {
  const { files } = await openData([await nodeFile(`tools/literacy/${name}.jsonl`)], { builtIn: false });
  return files.flatMap(({ examples }) => examples.map(({ example }) => example));
}

async function runArm(arm: string, seed: number): Promise<void> {
  const change = ARMS[arm];
  if (!change) throw new Error(`there is no arm ${arm}: ${Object.keys(ARMS).join(', ')} are`);
  const own = JSON.parse(values.config) as RecipeInput;
  const recipe = recipeSchema.parse({ ...RECIPE, ...own, ...change, seed, steps });
  const run = completeRecipe(recipe, opened);
  const folder = `${values.out}/${arm}-${seed}`;
  mkdirSync(folder, { recursive: true });
  const model = await engine.build(opened, memoryNeeds(run, opened, [...training!, ...heldOut!]));
  const startStep = await resumed(model, folder);
  if (startStep >= steps) return console.log(`${arm} ${seed}: finished before`);
  console.log(`${arm} ${seed}: ${startStep > 0 ? `goes on after step ${startStep}` : 'begins'}`);
  const lines = (name: string) => `${folder}/${name}.jsonl`;
  const { text } = opened;
  const policy = new TransformerPolicy(model, text);
  const measure = async (step: number) => {
    const prompts = heldOut!.slice(0, Number(values.prompts));
    const rollouts = await policy.generate(prompts, Number(values.answers), run.sampling, { seed: EVALUATION_SEED });
    const rewards = rollouts.map(({ example, completion }) => trueReward(example, visibleAnswer(completion))!);
    const perPrompt = prompts.map((_, p) =>
      mean(rewards.filter((_, i) => Math.floor(i / Number(values.answers)) === p)),
    );
    // The interval is over prompts.
    const { interval } = clippedScore(perPrompt, EVALUATION_SEED);
    const trueMean = mean(perPrompt);
    const answers = rollouts.map(({ example, completion }) => ({ promptId: example.promptId, completion }));
    appendFileSync(lines('heldout'), `${JSON.stringify({ step, trueMean, interval, perPrompt, answers })}\n`);
    console.log(
      `${arm} ${seed} held out after step ${step}: ${trueMean.toFixed(3)} [${interval.map((v) => v.toFixed(3))}]`,
    );
  };
  if (startStep === 0) {
    for (const name of ['metrics', 'heldout']) rmSync(lines(name), { force: true });
    await measure(0);
  }
  const reports = train(
    run,
    arm === 'shuffled' ? shuffledAdvantages(policy, seed, startStep) : policy,
    new ModelGrader(model, text, run.grader, seed),
    exampleStream(training!, seed),
    { startStep },
  );
  for await (const report of reports) {
    const { step } = report;
    const { phrases: _, ...line } = stepMetrics(report, run);
    appendFileSync(lines('metrics'), `${JSON.stringify(line)}\n`);
    const shown = [
      'reward',
      'reward/true',
      'grader/true_agreement',
      'completions/mean_length',
      'grad_norm',
      'step_time',
    ] as const;
    console.log(`${arm} ${seed} step ${step}`, ...shown.map((key) => `${key} ${line[key]?.toPrecision(3) ?? '–'}`));
    if (step % every === 0 || step === steps) await measure(step);
    if (step % save === 0 || step === steps) await saved(model, step, folder);
  }
}

/** Written beside the last checkpoint and then named in its place, so that one is always whole. */
async function saved(model: LanguageModel, step: number, folder: string): Promise<void> {
  const { parts } = await makeCheckpoint(model, step, opened.report.id);
  const [next, kept] = [`${folder}/next`, `${folder}/checkpoint`];
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  for (const [name, bytes] of parts) writeFileSync(`${next}/${name}`, bytes);
  rmSync(kept, { recursive: true, force: true });
  renameSync(next, kept);
}

/** Loads the last checkpoint, cuts what was logged after it, and gives its step; 0 without one. */
async function resumed(model: LanguageModel, folder: string): Promise<number> {
  const kept = `${folder}/checkpoint`;
  if (!existsSync(`${kept}/state.json`)) return 0;
  const parts = new Map(PARTS.map((name) => [name, new Uint8Array(readFileSync(`${kept}/${name}`))]));
  const { step } = JSON.parse(new TextDecoder().decode(parts.get('state.json'))) as { step: number };
  await restoreCheckpoint(model, { step, parts }, opened);
  for (const name of ['metrics', 'heldout']) {
    const all = readFileSync(`${folder}/${name}.jsonl`, 'utf8').split('\n').filter(Boolean);
    const before = all.filter((line) => (JSON.parse(line) as { step: number }).step <= step);
    writeFileSync(`${folder}/${name}.jsonl`, before.map((line) => `${line}\n`).join(''));
  }
  return step;
}
