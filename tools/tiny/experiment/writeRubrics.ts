/**
 * Rubrics that the built-in model writes for its own training prompts, compared with the world's:
 * `vite-node --script tools/tiny/experiment/writeRubrics.ts --out FILE [--prompts N] [--criteria 6]`. FILE is
 * HealthBench JSONL, for the synthetic arm of tools/tiny/experiment/experiment.ts. Every seed starts from the same
 * model, so one file serves all.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ACTS, type ActName } from '../../../src/data/syntheticWorld';
import { mean } from '../../../src/domain/statistics';
import { FOLDER } from '../encode';
import { buildModel, openExperiment } from './lab';
import { OwnAnswersWriter } from './ownRubrics';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: FOLDER },
    out: { type: 'string' },
    prompts: { type: 'string', default: '320' },
    criteria: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
  },
});
const BATCH = 8;
const setup = await openExperiment(values.model);
const { run, model } = await buildModel(setup, {});
const writer = new OwnAnswersWriter(model, setup.opened.text, run);
const examples = setup.train.slice(0, Number(values.prompts));
const lines: string[] = [];
const kinds = { good: 0, harmful: 0, other: 0 };
const recall: number[] = [];
let failed = 0;
const started = performance.now();
for (let at = 0; at < examples.length; at += BATCH) {
  const batch = examples.slice(at, at + BATCH);
  const written = await writer.write(batch, { criteria: Number(values.criteria), seed: Number(values.seed) + at });
  written.forEach((result, i) => {
    const { promptId, prompt, rubrics, exampleTags } = batch[i]!;
    if ('failure' in result) {
      failed++;
      return;
    }
    const points = new Map(rubrics.map(({ criterion, points }) => [criterion, points]));
    for (const { criterion } of result.rubric) {
      const truth = points.get(criterion) ?? 0;
      kinds[truth > 0 ? 'good' : truth < 0 ? 'harmful' : 'other']++;
    }
    const wanted = rubrics.filter(({ points }) => points > 0);
    const found = new Set(result.rubric.map(({ criterion }) => criterion));
    recall.push(wanted.filter(({ criterion }) => found.has(criterion)).length / wanted.length);
    const row = { prompt_id: promptId, prompt, rubrics: result.rubric, example_tags: exampleTags };
    lines.push(JSON.stringify({ ...row, ideal_completions_data: null }));
  });
  console.log(`${Math.min(at + BATCH, examples.length)} of ${examples.length} prompts, ${failed} without rubric`);
}
if (values.out) await writeFile(values.out, `${lines.join('\n')}\n`);
const total = kinds.good + kinds.harmful + kinds.other;
console.log(
  `${total} criteria: ${((100 * kinds.good) / total).toFixed(1)} % are good acts of the world's rubric, ` +
    `${((100 * kinds.harmful) / total).toFixed(1)} % its harms, the rest neither; they name ${(100 * mean(recall)).toFixed(1)} % of its good acts. ` +
    `${Object.keys(ACTS satisfies Record<ActName, unknown>).length} candidates, ${Math.round((performance.now() - started) / 1000)} s.`,
);
process.exit(0);
