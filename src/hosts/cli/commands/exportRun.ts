import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportFiles } from '../../../lab/exports/exports';
import { modelAt } from '../input';
import { makeOut } from '../outFolder';
import { runAt } from '../runFolder';
import { choiceOption, numberOption, parseOptions, UsageError } from '../usage';

const OPTIONS = {
  run: { type: 'string' },
  model: { type: 'string' },
  adapter: { type: 'string' },
  out: { type: 'string' },
  kind: { type: 'string' },
  step: { type: 'string' },
} as const;
const KINDS = ['merged', 'adapter', 'metricsCsv', 'metricsJsonl', 'rollouts', 'data', 'everything'] as const;

/** Writes a run's checkpoint or logs to a folder. */
export async function exportRun(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, OPTIONS, ['run', 'out']);
  const kind = choiceOption('kind', given.kind, KINDS) ?? 'merged';
  const checkpointStep = numberOption('step', given.step, { min: 0 });
  const { store, summary } = await runAt(given.run!);
  makeOut(given.out!);
  const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
  if (needsModel && given.model === undefined) throw new UsageError('--model is missing: the run’s own model');
  const model = needsModel ? await modelAt(given.model!, given.adapter) : undefined;
  if (model && model.report.id !== summary.modelId) {
    throw new UsageError(`${given.model} is another model than the run’s (${summary.modelName})`);
  }
  for (const file of await exportFiles(store, summary, kind, { model, checkpointStep })) {
    const path = join(given.out!, file.name);
    makeOut(dirname(path));
    await pipeline(Readable.from(file.chunks()), createWriteStream(path));
    process.stdout.write(`${path}\n`);
  }
  return 0;
}
