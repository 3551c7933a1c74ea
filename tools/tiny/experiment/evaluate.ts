/**
 * Measures a model on the held-out prompts of the synthetic world: `vite-node --script
 * tools/tiny/experiment/evaluate.ts [folder] [--answers N]`. As an answerer by the true reward, as a grader by
 * agreement with the truth on the answers that it gave.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { RecipeInput } from '../../../src/domain/recipe/recipe';
import { ModelGrader } from '../../../src/grading/policyGrader';
import { FOLDER } from '../encode';
import { agreementWithTruth } from './agreementWithTruth';
import { buildModel, openExperiment, trueScore } from './lab';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    answers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '11' },
    mode: { type: 'string', default: 'verdict' },
    out: { type: 'string' },
  },
});
const setup = await openExperiment(positionals[0] ?? FOLDER);
const change = { grader: { mode: values.mode, sampling: { temperature: 0, maxNewTokens: 24 } } } as RecipeInput;
const { run, model } = await buildModel(setup, change);
const [answers, seed] = [Number(values.answers), Number(values.seed)];
const score = await trueScore(model, setup, { run, examples: setup.heldOut, answers, seed });
const grades = await new ModelGrader(model, setup.opened.text, run.grader).grade(score.rollouts, { seed });

const { rollouts, perPrompt: _, ...numbers } = score;
const result = {
  adapter: (await setup.engine.gpu()).facts.description,
  answers,
  seed,
  mode: values.mode,
  ...numbers,
  grader: agreementWithTruth(rollouts, grades),
};
console.log(JSON.stringify(result, null, 2));
for (const { example, completion } of rollouts.slice(0, 6 * answers).filter((_, i) => i % answers === 0)) {
  console.log(`\n${example.prompt[0]!.content}\n  ${completion}`);
}
if (values.out) await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
