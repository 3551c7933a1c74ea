import type { StepMetrics } from '../../domain/metrics/metrics';
import { metricsCsv } from '../../domain/metrics/metricsCsv';
import { newestCheckpoint, type RunSummary } from '../../domain/run';
import { jsonFile, type OutputFile, streamedText, textFile } from '../../formats/outputFile';
import { zipStream } from '../../formats/zip';
import type { ExportKind } from '../../protocol/requests';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { Platform } from '../platform';
import { trainedTensors } from '../run/checkpointState';
import { REVIEW_FILE } from '../run/reviews';
import { runDataText } from '../run/runData';
import { GRADINGS_FILE } from '../run/warmStartData';
import { loadWarmSteps, WARM_STEPS_FILE } from '../run/warmStartSteps';
import { adapterFiles, mergedFiles } from './exportModel';

export interface ExportOptions {
  /** For kinds that hold weights. */
  readonly model?: OpenModel | undefined;
  /** The newest when absent. */
  readonly checkpointStep?: number | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Makes a file of a stream that may be larger than memory. */
  readonly collect?: Platform['collect'];
}

/** A file to save: one text, or a zip of several. */
export async function exportRun(
  store: RunStore,
  run: RunSummary,
  kind: ExportKind,
  options: ExportOptions & Required<Pick<ExportOptions, 'collect'>>,
): Promise<{ name: string; file: Blob }> {
  options.onProgress?.(0, 1);
  const files = await exportFiles(store, run, kind, options);
  const [single] = files;
  const base = `${run.name}-${kind === 'metricsCsv' || kind === 'metricsJsonl' ? 'metrics' : kind}`;
  const textual = kind === 'metricsCsv' || kind === 'metricsJsonl' || kind === 'rollouts' || kind === 'data';
  // Answers of a long run may exceed memory; metrics and prompts do not, and export even with a full disk.
  const large = kind === 'rollouts' && single;
  const file = large
    ? await options.collect(single.chunks())
    : textual && single
      ? await textBlob(single)
      : await options.collect(zipStream(files, base));
  options.onProgress?.(1, 1);
  const ending = textual ? (kind === 'metricsCsv' ? 'csv' : 'jsonl') : 'zip';
  return { name: `${base}.${ending}`, file };
}

/** The files of an export, made as they are read. */
export async function exportFiles(
  store: RunStore,
  run: RunSummary,
  kind: ExportKind,
  { model, checkpointStep, onProgress }: ExportOptions,
): Promise<OutputFile[]> {
  switch (kind) {
    case 'metricsCsv':
      return [textFile('metrics.csv', metricsCsv(await store.loadMetrics(run.runId)))];
    case 'metricsJsonl':
      return [textFile('metrics.jsonl', metricsJsonl(await store.loadMetrics(run.runId)))];
    case 'rollouts':
      return [rolloutsFile(store, run, onProgress)];
    case 'data':
      return [textFile('data.jsonl', await runDataText(store, run.runId))];
    case 'adapter':
    case 'merged': {
      const checkpoint = await requestedCheckpoint(store, run, checkpointStep);
      const trained = await trainedTensors(checkpoint);
      const make = kind === 'adapter' ? adapterFiles : mergedFiles;
      return make(requireModel(model), run, trained);
    }
    case 'everything': {
      const metrics = await store.loadMetrics(run.runId);
      const whole = run.config.trainable.kind === 'full' ? 'merged' : 'adapter';
      const weights = run.checkpoints.length > 0 ? await exportFiles(store, run, whole, { model, checkpointStep }) : [];
      return [
        jsonFile('config.json', run.config),
        textFile('metrics.csv', metricsCsv(metrics)),
        textFile('metrics.jsonl', metricsJsonl(metrics)),
        rolloutsFile(store, run),
        ...(await exportFiles(store, run, 'data', {})),
        ...(await keptFiles(store, run)),
        ...weights.map((file) => ({ ...file, name: `${whole}/${file.name}` })),
      ];
    }
  }
}

async function requestedCheckpoint(store: RunStore, run: RunSummary, requested: number | undefined) {
  const step = requested ?? newestCheckpoint(run)?.step;
  const checkpoint = step === undefined ? null : await store.loadCheckpoint(run.runId, step);
  if (checkpoint) return checkpoint;
  throw new LabError('unexpected', 'The run does not have this checkpoint.', 'Save a checkpoint, or choose another.');
}

function requireModel(model: OpenModel | undefined): OpenModel {
  if (!model) throw new Error('this export needs the run’s model');
  return model;
}

/** One JSON object a line, keys as TRL or slime name them. */
export const metricsJsonl = (metrics: readonly StepMetrics[]): string =>
  metrics.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A line per answer, the lines of a step together: one step is held at a time. */
const rolloutsFile = (store: RunStore, { runId, step: steps }: RunSummary, onProgress?: ExportOptions['onProgress']) =>
  streamedText('rollouts.jsonl', async function* () {
    for (let step = 1; step <= steps; step++) {
      const records = await store.loadRollouts(runId, step);
      yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
      onProgress?.(step, steps + 1);
    }
  });

/** What a person said of its verdicts, and the data and numbers of its warm start, where there are any. */
async function keptFiles(store: RunStore, { runId }: RunSummary): Promise<OutputFile[]> {
  const files: OutputFile[] = [];
  for (const name of [REVIEW_FILE, WARM_STEPS_FILE, GRADINGS_FILE]) {
    const bytes = await store.loadFile(runId, name);
    if (!bytes) continue;
    // Its log as it stands may have lines that later ones replace.
    const lines =
      name === WARM_STEPS_FILE ? (await loadWarmSteps(store, runId)).map((step) => JSON.stringify(step)) : null;
    files.push(textFile(name, lines ? lines.map((line) => `${line}\n`).join('') : new TextDecoder().decode(bytes)));
  }
  return files;
}

async function textBlob(file: OutputFile): Promise<Blob> {
  const parts: BlobPart[] = [];
  for await (const chunk of file.chunks()) parts.push(chunk as BlobPart);
  return new Blob(parts);
}
