/**
 * Does self-grading teach? Trains the built-in model on its own grades, and again with the rewards shuffled among a group's answers, and
 * measures the true reward on held-out prompts: `vite-node --script tools/tiny/experiment.ts [--seeds 1,2,3] [--arms self,shuffled]`.
 * One file of curves per arm and seed in docs/experiments/; tools/tiny/chart.ts draws them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { derive, shuffled } from '../../src/random';
import { exampleStream } from '../../src/rl/exampleStream';
import { ModelGrader } from '../../src/rl/grader';
import { stepMetrics } from '../../src/rl/metrics';
import type { Policy } from '../../src/rl/policy';
import { train } from '../../src/rl/train';
import { TransformerPolicy } from '../../src/rl/transformerPolicy';
import { FOLDER } from './encode';
import { average, buildModel, openBench, type TrueScore, trueScore } from './lab';

const EVALUATION_SEED = 11;

type Measured = { readonly step: number } & Omit<TrueScore, 'rollouts'>;

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
    out: { type: 'string', default: 'docs/experiments' },
  },
});
const [steps, answers, every] = [Number(values.steps), Number(values.answers), Number(values.every)];
const bench = await openBench(values.model);
await mkdir(values.out, { recursive: true });
let start: Measured | undefined;

for (const arm of values.arms.split(',')) {
  for (const seed of values.seeds.split(',').map(Number)) await runArm(arm, seed);
}
process.exit(0);

async function runArm(arm: string, seed: number): Promise<void> {
  if (arm !== 'self' && arm !== 'shuffled') throw new Error(`there is no arm ${arm}: self and shuffled are`);
  const { run, model } = await buildModel(bench, { ...JSON.parse(values.config), seed, steps });
  const policy = new TransformerPolicy(model, bench.opened.text);
  const grader = new ModelGrader(model, bench.opened.text, run.grader);
  const measure = async (step: number): Promise<Measured> => {
    const score = await trueScore(model, bench, { run, examples: bench.heldOut, answers, seed: EVALUATION_SEED });
    const { mean, standardError, perPrompt, meanTokens, cutOff } = score;
    console.log(
      `${arm} ${seed}  step ${step}  held-out true reward ${mean.toFixed(3)} ± ${standardError.toFixed(3)}  ${meanTokens.toFixed(1)} tokens`,
    );
    return { step, mean, standardError, perPrompt, meanTokens, cutOff };
  };
  const started = performance.now();
  // Every run starts from the same model: one measurement serves all.
  start ??= await measure(0);
  const heldOut = [start];
  const curve: object[] = [];
  const reports = train(
    run,
    arm === 'self' ? policy : shuffledAdvantages(policy, seed),
    grader,
    exampleStream(bench.train, seed),
    { startStep: 0 },
  );
  for await (const report of reports) {
    const metrics = stepMetrics(report, run.groupSize);
    curve.push({
      step: report.step,
      reward: metrics.reward,
      trueReward: metrics['reward/true'],
      agreement: metrics['grader/true_agreement'],
      tokens: metrics['completions/mean_length'],
      entropy: metrics.entropy,
      gradNorm: metrics.grad_norm,
      logprobDifference: metrics['sampling/sampling_logp_difference/mean'],
      seconds: report.seconds,
    });
    if (report.step % 5 === 0) console.log(`${arm} ${seed}`, JSON.stringify(curve.at(-1)));
    if (report.step % every === 0 || report.step === steps) heldOut.push(await measure(report.step));
  }
  const [first, last] = [heldOut[0]!, heldOut.at(-1)!];
  const changes = last.perPrompt.map((value, i) => value - first.perPrompt[i]!);
  const change = average(changes);
  const spread = Math.sqrt(
    changes.reduce((sum, c) => sum + (c - change) ** 2, 0) / (changes.length - 1) / changes.length,
  );
  const result = {
    date: new Date().toISOString().slice(0, 10),
    adapter: (await bench.engine.gpu()).facts.description,
    arm,
    seed,
    change: { mean: change, standardError: spread },
    seconds: Math.round((performance.now() - started) / 1000),
    heldOut: heldOut.map(({ perPrompt: _, ...point }) => point),
    curve,
    run: { ...run, grader: { ...run.grader, template: 'public/models/tiny/grader.txt' } },
  };
  await writeFile(`${values.out}/learning-${arm}-${seed}.json`, `${JSON.stringify(result)}\n`);
  console.log(`${arm} ${seed}  change ${change.toFixed(3)} ± ${spread.toFixed(3)}`);
}

/** The control: each group's advantages go to its answers in random order, so that they carry no information, and all else is equal. */
function shuffledAdvantages(policy: Policy, seed: number): Policy {
  let step = 0;
  return {
    generate: (...args) => policy.generate(...args),
    update(rollouts, advantages, ...rest) {
      const own = derive(seed, 'control', step++);
      const groups = new Map<number, number[]>();
      for (const [i, { group }] of rollouts.entries()) groups.set(group, [...(groups.get(group) ?? []), i]);
      const mixed = advantages.slice();
      for (const [group, members] of groups) {
        const order = shuffled(derive(own, group), members);
        members.forEach((i, j) => {
          mixed[i] = advantages[order[j]!]!;
        });
      }
      return policy.update(rollouts, mixed, ...rest);
    },
  };
}
