import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportFiles } from '../../../lab/exports/exports';
import { command } from '../command';
import { ADAPTER, MODEL, OUT, RUN, STEP } from '../commonOptions';
import { modelAt } from '../input/modelAt';
import { runAt, withModelAt } from '../input/runFolder';
import type { GivenOptions, Options } from '../option';
import { makeOut, makeOwnOut } from '../output/outFolder';
import { printLine } from '../print/terminal';
import { UsageError } from '../usage';

const OPTIONS = {
  run: { ...RUN, required: true, help: 'Run to export from.' },
  model: { ...MODEL, help: 'Base model of the run, for merged, adapter and everything.' },
  adapter: ADAPTER,
  out: OUT,
  kind: {
    type: 'choice',
    choices: ['merged', 'adapter', 'metricsCsv', 'metricsJsonl', 'rollouts', 'data', 'everything'],
    default: 'merged',
    help: 'What to export: a Hugging Face folder, a PEFT adapter, one of the logs, or everything.',
  },
  step: STEP,
} as const satisfies Options;

/** Exports a checkpoint or the logs of a run to a folder. */
export const exportRun = command({
  about: 'Exports a checkpoint of a run as a Hugging Face folder or a PEFT adapter, or exports the logs of the run.',
  options: OPTIONS,
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const { kind, step: checkpointStep } = given;
  const { store, summary: saved } = await runAt(given.run);
  makeOwnOut(given.out);
  const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
  if (needsModel && given.model === undefined)
    throw new UsageError('--model is missing: give the base model of the run');
  const model = needsModel ? await modelAt(given.model!, given.adapter) : undefined;
  const summary = model ? await withModelAt(store, saved, model) : saved;
  for (const file of await exportFiles(store, summary, kind, { model, checkpointStep })) {
    const path = join(given.out, file.name);
    makeOut(dirname(path));
    await pipeline(Readable.from(file.chunks()), createWriteStream(path));
    printLine(path);
  }
  return 0;
}
