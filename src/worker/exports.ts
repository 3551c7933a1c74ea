import type { StepMetrics } from '../config/metrics';
import { metricsCsv } from '../config/metricsCsv';
import { jsonFile, type OutputFile, textFile } from '../formats/outputFile';
import { zipStream } from '../formats/zip';
import type { ExportKind, RunSummary } from '../protocol';
import type { RunStore } from '../storage/runStore';
import { trainedTensors } from './checkpointState';
import { adapterFiles, mergedFiles } from './exportModel';
import { LabError } from './failures';
import type { OpenModel } from './openModel';
import { runDataText } from './runData';

export interface ExportOptions {
  /** For kinds that hold weights. */
  readonly model?: OpenModel | undefined;
  /** The newest when absent. */
  readonly checkpointStep?: number | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Makes a file of a stream that may be larger than memory. */
  readonly collect?: (chunks: ReadableStream<Uint8Array>) => Promise<Blob>;
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
  const file = textual && single ? await textBlob(single) : await options.collect(zipStream(files, base));
  options.onProgress?.(1, 1);
  const ending = textual ? (kind === 'metricsCsv' ? 'csv' : 'jsonl') : 'zip';
  return { name: `${base}.${ending}`, file };
}

/** The files of an export, made as they are read. */
export async function exportFiles(
  store: RunStore,
  run: RunSummary,
  kind: ExportKind,
  { model, checkpointStep }: ExportOptions,
): Promise<OutputFile[]> {
  switch (kind) {
    case 'metricsCsv':
      return [textFile('metrics.csv', metricsCsv(await store.loadMetrics(run.runId)))];
    case 'metricsJsonl':
      return [textFile('metrics.jsonl', metricsJsonl(await store.loadMetrics(run.runId)))];
    case 'rollouts':
      return [textFile('rollouts.jsonl', ...(await rolloutParts(store, run)))];
    case 'data':
      return [textFile('data.jsonl', await runDataText(store, run.runId))];
    case 'adapter':
    case 'merged': {
      const checkpoint = await newestCheckpoint(store, run, checkpointStep);
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
        textFile('rollouts.jsonl', ...(await rolloutParts(store, run))),
        ...(await exportFiles(store, run, 'data', {})),
        ...weights.map((file) => ({ ...file, name: `${whole}/${file.name}` })),
      ];
    }
  }
}

async function newestCheckpoint(store: RunStore, run: RunSummary, wanted: number | undefined) {
  const step = wanted ?? run.checkpoints.at(-1)?.step;
  const checkpoint = step === undefined ? null : await store.loadCheckpoint(run.runId, step);
  if (checkpoint) return checkpoint;
  throw new LabError(
    'unexpected',
    'The run has no such checkpoint to export.',
    'Save a checkpoint first, or choose another.',
  );
}

function requireModel(model: OpenModel | undefined): OpenModel {
  if (!model) throw new Error('this export needs the run’s model');
  return model;
}

/** One JSON object a line, keys as TRL or slime name them. */
export const metricsJsonl = (metrics: readonly StepMetrics[]): string =>
  metrics.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A line per answer, the lines of a step together. */
async function rolloutParts(store: RunStore, run: RunSummary): Promise<string[]> {
  const parts: string[] = [];
  for (let step = 1; step <= run.step; step++) {
    const records = await store.loadRollouts(run.runId, step);
    parts.push(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
  return parts;
}

async function textBlob(file: OutputFile): Promise<Blob> {
  const parts: BlobPart[] = [];
  for await (const chunk of file.chunks()) parts.push(chunk as BlobPart);
  return new Blob(parts);
}
