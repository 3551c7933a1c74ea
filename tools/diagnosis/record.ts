/**
 * Really recorded logs for the diagnosis: the built-in model trained in each way to fail of failures.ts, on this
 * engine: `vite-node --script tools/diagnosis/record.ts [--only clean,planted] [--out FOLDER]`. One to twelve minutes
 * each on two shared cores with Lavapipe.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ModelGrader } from '../../src/grading/policyGrader';
import { exampleStream } from '../../src/rl/exampleStream';
import { stepMetrics } from '../../src/rl/metrics';
import { NotFinite } from '../../src/rl/notFinite';
import { Probes, probesDue } from '../../src/rl/probes';
import { train } from '../../src/rl/train';
import { TransformerPolicy } from '../../src/rl/transformerPolicy';
import { FOLDER as MODEL } from '../tiny/encode';
import { buildModel, openExperiment } from '../tiny/experiment/lab';
import { FAILURES } from './failures';
import { logLine } from './logLine';

const SEED = 1;
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(FAILURES).join(',') },
    out: { type: 'string', default: 'src/diagnosis/fixtures' },
  },
});
const setup = await openExperiment(MODEL);
await mkdir(values.out, { recursive: true });
for (const name of values.only.split(',')) await record(name);
process.exit(0);

async function record(name: string): Promise<void> {
  const failure = FAILURES[name];
  if (!failure) throw new Error(`there is no failure ${name}: ${Object.keys(FAILURES).join(', ')} are`);
  const { run, model } = await buildModel(setup, { ...failure.config, seed: SEED });
  const { text } = setup.opened;
  const own = new ModelGrader(model, text, run.grader);
  const grader = failure.grader?.(own) ?? own;
  const examples = failure.examples?.(setup.train) ?? setup.train;
  const stream = exampleStream(examples, SEED);
  const plain = new TransformerPolicy(model, text);
  const policy = failure.policy?.(plain, run, stream) ?? plain;
  const probes = new Probes(model, text, run, examples);
  const now = () => performance.now();
  const started = now();
  const lines: string[] = [];
  try {
    for await (const report of train(run, policy, grader, stream, { startStep: 0 })) {
      const checked = probesDue(run.probes, report.step) ? await probes.check(report, { now }) : undefined;
      const row = stepMetrics(report, run, checked);
      lines.push(logLine(row));
      const shown = ['reward', 'reward/true', 'completions/median_length', 'entropy', 'grad_norm'] as const;
      console.log(name, row.step, ...shown.map((key) => `${key} ${row[key]?.toPrecision(3)}`));
    }
  } catch (error) {
    // A run that ends in numbers that are none has a log up to there, as on the page.
    if (!(error instanceof NotFinite)) throw error;
    console.log(name, error.message);
  }
  await writeFile(`${values.out}/${name}.jsonl`, lines.join(''));
  console.log(`${name}: ${lines.length} steps in ${Math.round((now() - started) / 1000)} s`);
}
