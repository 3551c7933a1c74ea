/**
 * Does self-grading teach, and what does each way of grading do? Trains the built-in model in each arm of arms.ts and
 * measures on held-out prompts the true reward, the score that the starting model as a grader gives, and how often each
 * grader is right: `vite-node --script tools/tiny/experiment/experiment.ts [--seeds 1,2,3] [--arms self,shuffled]`. One
 * file per arm and seed in docs/experiments/; tools/tiny/experiment/chart.ts draws them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Example } from '../../../src/domain/example';
import type { StepMetrics } from '../../../src/domain/metrics/metrics';
import type { RecipeInput } from '../../../src/domain/recipe/recipe';
import { rubricReward } from '../../../src/domain/reward';
import { mean, standardError } from '../../../src/domain/statistics';
import { ModelGrader } from '../../../src/grading/policyGrader';
import { nodeFile } from '../../../src/hosts/cli/input/nodeFiles';
import { openData } from '../../../src/lab/data/openData';
import { exampleStream } from '../../../src/rl/exampleStream';
import { stepMetrics } from '../../../src/rl/metrics';
import { train } from '../../../src/rl/train';
import { TransformerPolicy } from '../../../src/rl/transformerPolicy';
import { FOLDER } from '../encode';
import { agreementWithTruth } from './agreementWithTruth';
import { ARMS } from './arms';
import { buildModel, DEMO, openExperiment, type TrueScore, trueScore } from './lab';

const EVALUATION_SEED = 11;

/** Answers of each held-out prompt that are graded as well. */
const GRADED = 1;

interface Measured extends Omit<TrueScore, 'rollouts'> {
  readonly step: number;
  /** By each grader: mean score of the first answers of every prompt, and share of verdicts that are right. */
  readonly graded: Readonly<Record<'self' | 'frozen', { score: number; standardError: number; right: number }>>;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: FOLDER },
    seeds: { type: 'string', default: '1,2,3' },
    arms: { type: 'string', default: 'self,shuffled' },
    steps: { type: 'string', default: '60' },
    answers: { type: 'string', default: '6' },
    every: { type: 'string', default: '30' },
    /** Changes to the demo recipe, as JSON. */
    config: { type: 'string', default: '{}' },
    /** Training prompts with rubrics that the model wrote, for the synthetic arm: writeRubrics.ts makes the file. */
    rubrics: { type: 'string' },
    out: { type: 'string', default: 'docs/experiments' },
  },
});
const [steps, answers, every] = [Number(values.steps), Number(values.answers), Number(values.every)];
const setup = await openExperiment(values.model);
await mkdir(values.out, { recursive: true });
let start: Measured | undefined;

for (const arm of values.arms.split(',')) {
  for (const seed of values.seeds.split(',').map(Number)) await runArm(arm, seed);
}
process.exit(0);

async function runArm(name: string, seed: number): Promise<void> {
  const arm = ARMS[name];
  if (!arm) throw new Error(`there is no arm ${name}: ${Object.keys(ARMS).join(', ')} are`);
  const changed = JSON.parse(values.config) as RecipeInput;
  const { run, model } = await buildModel(setup, {
    ...changed,
    ...arm.config,
    grader: { ...DEMO.grader, ...changed.grader, ...arm.config?.grader },
    evaluation: { every }, // keeps the starting weights, which grade here
    seed,
    steps,
  });
  const { text } = setup.opened;
  const policy = new TransformerPolicy(model, text);
  const own = new ModelGrader(model, text, run.grader);
  const likelier = { ...run.grader, verdict: 'likelier' as const };
  const judges = {
    self: new ModelGrader(model, text, { ...likelier, kind: 'self' }),
    frozen: new ModelGrader(model, text, { ...likelier, kind: 'frozen' }),
  };
  const measure = async (step: number): Promise<Measured> => {
    const { rollouts, ...score } = await trueScore(model, setup, {
      run,
      examples: setup.heldOut,
      answers,
      seed: EVALUATION_SEED,
    });
    const few = rollouts.filter((_, i) => i % answers < GRADED);
    const grade = async (kind: 'self' | 'frozen') => {
      const grades = await judges[kind].grade(few, { seed: EVALUATION_SEED });
      const rewards = few.map(({ example }, i) => rubricReward(example.rubrics, grades[i]!, 'leftOut') ?? 0);
      const means = setup.heldOut.map((_, p) => mean(rewards.slice(p * GRADED, (p + 1) * GRADED)));
      return { score: mean(means), standardError: standardError(means), right: agreementWithTruth(few, grades).all };
    };
    const graded = { self: await grade('self'), frozen: await grade('frozen') };
    const shown = [
      `true reward ${score.mean.toFixed(3)} ± ${score.standardError.toFixed(3)}`,
      `frozen score ${graded.frozen.score.toFixed(3)}`,
      `right ${graded.self.right.toFixed(3)} self, ${graded.frozen.right.toFixed(3)} frozen`,
      `${score.meanTokens.toFixed(1)} tokens`,
    ];
    console.log(`${name} ${seed}  step ${step}  held out: ${shown.join('  ')}`);
    return { step, ...score, graded };
  };
  const started = performance.now();
  // Every run starts from the same model: one measurement serves all.
  start ??= await measure(0);
  const heldOut = [start];
  const metrics: StepMetrics[] = [];
  const reports = train(
    run,
    arm.policy?.(policy, seed) ?? policy,
    arm.grader?.(own, run.grader.mixed) ?? own,
    exampleStream(arm.synthetic ? await syntheticExamples() : setup.train, seed),
    { startStep: 0 },
  );
  for await (const report of reports) {
    const line = stepMetrics(report, run);
    metrics.push(line);
    if (report.step % 5 === 0) console.log(`${name} ${seed}`, JSON.stringify(curvePoint(line)));
    if (report.step % every === 0 || report.step === steps) heldOut.push(await measure(report.step));
  }
  const [first, last] = [heldOut[0]!, heldOut.at(-1)!];
  const changes = last.perPrompt.map((value, i) => value - first.perPrompt[i]!);
  const result = {
    date: new Date().toISOString().slice(0, 10),
    adapter: (await setup.engine.gpu()).facts.description,
    arm: name,
    title: arm.title,
    seed,
    change: { mean: mean(changes), standardError: standardError(changes) },
    seconds: Math.round((performance.now() - started) / 1000),
    heldOut: heldOut.map(({ perPrompt: _, ...point }) => point),
    curve: metrics.map(curvePoint),
    run: { ...run, grader: { ...run.grader, template: 'public/models/tiny/grader.txt' } },
  };
  await writeFile(`${values.out}/learning-${name}-${seed}.json`, `${JSON.stringify(result)}\n`);
  // The planted flaw is for the diagnosis, which reads every metric.
  if (name === 'planted') {
    await writeFile(`${values.out}/planted-${seed}.jsonl`, metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  console.log(`${name} ${seed}  change ${result.change.mean.toFixed(3)} ± ${result.change.standardError.toFixed(3)}`);
}

async function syntheticExamples(): Promise<Example[]> {
  if (values.rubrics === undefined)
    throw new Error('the synthetic arm needs --rubrics: tools/tiny/experiment/writeRubrics.ts makes the file');
  const { files } = await openData([await nodeFile(values.rubrics)], { builtIn: true });
  return files.flatMap(({ examples }) => examples.map(({ example }) => example));
}

function curvePoint(line: StepMetrics) {
  return {
    step: line.step,
    reward: line.reward,
    trueReward: line['reward/true'],
    agreement: line['grader/true_agreement'],
    tokens: line['completions/mean_length'],
    entropy: line.entropy,
    gradNorm: line.grad_norm,
    logprobDifference: line['sampling/sampling_logp_difference/mean'],
    seconds: line.step_time,
  };
}
