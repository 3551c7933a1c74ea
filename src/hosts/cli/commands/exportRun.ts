import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportFiles } from '../../../lab/exports/exports';
import { command } from '../command';
import { ADAPTER, MODEL, OUT, RUN, STEP } from '../commonOptions';
import { modelAt } from '../input';
import type { GivenOptions, Options } from '../option';
import { makeOut } from '../outFolder';
import { runAt, withModelAt } from '../runFolder';
import { UsageError } from '../usage';

const OPTIONS = {
  run: { ...RUN, required: true, help: 'Run to export from.' },
  model: { ...MODEL, help: 'Model that the run started from, for merged, adapter and everything.' },
  adapter: ADAPTER,
  out: OUT,
  kind: {
    type: 'choice',
    choices: ['merged', 'adapter', 'metricsCsv', 'metricsJsonl', 'rollouts', 'data', 'everything'],
    default: 'merged',
    help: 'Hugging Face folder, PEFT adapter, logs, or all of them.',
  },
  step: STEP,
} as const satisfies Options;

/** Writes a run's checkpoint or logs to a folder. */
export const exportRun = command({
  about: 'Writes a checkpoint of a run as a Hugging Face folder or an adapter in PEFT layout, or the logs of the run.',
  options: OPTIONS,
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const { kind, step: checkpointStep } = given;
  const { store, summary: kept } = await runAt(given.run);
  makeOut(given.out);
  const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
  if (needsModel && given.model === undefined) throw new UsageError('--model is missing: the run’s own model');
  const model = needsModel ? await modelAt(given.model!, given.adapter) : undefined;
  const summary = model ? await withModelAt(store, kept, model) : kept;
  for (const file of await exportFiles(store, summary, kind, { model, checkpointStep })) {
    const path = join(given.out, file.name);
    makeOut(dirname(path));
    await pipeline(Readable.from(file.chunks()), createWriteStream(path));
    process.stdout.write(`${path}\n`);
  }
  return 0;
}
