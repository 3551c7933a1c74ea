import { PRESETS } from '../src/domain/recipe/presets';
import type { Gpu } from '../src/gpu/gpu';
import { ModelGrader } from '../src/grading/policyGrader';
import { nodeFile } from '../src/hosts/cli/input/nodeFiles';
import { openData } from '../src/lab/data/openData';
import { exampleStream } from '../src/rl/exampleStream';
import { train } from '../src/rl/train';
import { TransformerPolicy } from '../src/rl/transformerPolicy';
import { openAt, TINY } from './models';

/**
 * One GRPO step of the built-in model by phase: the demo recipe on the sample, the second step, since the first warms
 * up.
 */
export async function step(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const demo = PRESETS.find(({ id }) => id === 'demo')!;
  const data = await openData([await nodeFile('public/sample/triage.jsonl')], { builtIn: true });
  const examples = data.files.flatMap((file) => file.examples.map(({ example }) => example));
  const { opened, run, model, release } = await openAt(gpu, TINY, { ...demo.config, steps: 2 }, examples);
  const { counters } = model.generator;
  const steps = train(
    run,
    new TransformerPolicy(model, opened.text, run.thinking),
    new ModelGrader(model, opened.text, run.grader),
    exampleStream(examples, run.seed),
    { startStep: 0 },
  );
  await steps.next();
  const before = { ...counters };
  const { value: report } = await steps.next();
  if (!report) throw new Error('the run ended before its second step');

  const { seconds, rollouts, grades } = report;
  const total = seconds.rollout + seconds.grade + seconds.update;
  const answers = rollouts.reduce((sum, { tokens, promptLength }) => sum + tokens.length - promptLength, 0);
  const rows = rollouts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const gradings = grades.reduce((sum, grade) => sum + grade.length, 0);
  const line = (phase: keyof typeof seconds, what: string) => {
    const ms = (1000 * seconds[phase]).toFixed(0).padStart(6);
    print(`${phase.padEnd(8)} ${ms} ms ${((100 * seconds[phase]) / total).toFixed(0).padStart(3)} %  ${what}`);
  };
  const prefilled = counters.prefillTokens - before.prefillTokens;
  const shared = counters.sharedTokens - before.sharedTokens;
  line('rollout', `${rollouts.length} answers, ${answers} tokens`);
  line('grade', `${gradings} verdicts`);
  line('update', `${rows} tokens packed at most`);
  print(
    `${'step'.padEnd(8)} ${(1000 * total).toFixed(0).padStart(6)} ms        ${prefilled} tokens prefilled, ${shared} found in the cache`,
  );
  release();
}
