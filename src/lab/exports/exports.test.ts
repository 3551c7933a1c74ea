import { describe, expect, it } from 'vitest';
import { METRICS } from '../../domain/metrics/metrics';
import { metricsCsv } from '../../domain/metrics/metricsCsv';
import { PROJECTIONS, projectionSize } from '../../domain/model';
import { readPeft } from '../../formats/peft';
import { bytesSource } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { adapterName } from '../../model/network';
import { testExample } from '../../rl/test/testModel';
import { openData, reportData } from '../data/openData';
import { openModel } from '../models/openModel';
import { Reviews } from '../run/reviews';
import { keepRunData } from '../run/runData';
import { keepWarmStep } from '../run/warmStartSteps';
import { openProbeThread } from '../test/probeHere';
import { MemoryStore, testRun, testSession } from '../test/testLab';
import { adapterFiles, mergedFiles } from './exportModel';
import { exportFiles, exportRun, metricsJsonl } from './exports';

const config = tinyConfig();
const rank = 4;
const run = testRun({ trainable: { kind: 'lora', rank, alpha: 8 } });
const trained = Array.from({ length: config.layers }, (_, layer) =>
  PROJECTIONS.flatMap((projection) => {
    const size = projectionSize(config, projection);
    const values = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.3 + seed));
    return [
      { name: adapterName(layer, projection, 'A'), shape: [rank, size.in], data: values(rank * size.in, layer) },
      { name: adapterName(layer, projection, 'B'), shape: [size.out, rank], data: values(rank * size.out, layer + 9) },
    ];
  }),
).flat();

describe('exported weights', () => {
  it('are an adapter that reads back the same', async () => {
    const opened = await openModel(await asSources(tinyFolder(config)), { builtIn: false, openProbeThread });
    const adapter = await readPeft(await asSources(adapterFiles(opened, run, trained)), config);
    expect([adapter.rank, adapter.alpha, adapter.pairs.length]).toEqual([rank, 8, 14]);
    expect(adapter.pairs[0]!.a).toEqual(trained[0]!.data);
  });

  it('are a whole folder, with the model’s own grader prompt', async () => {
    const files = [...(await asSources(tinyFolder(config))), ...(await asSources([graderFile()]))];
    const opened = await openModel(files, { builtIn: false, openProbeThread });
    const merged = await openModel(await asSources(mergedFiles(opened, run, trained)), {
      builtIn: false,
      openProbeThread,
    });
    expect(merged.report.config).toEqual(config);
    expect(merged.graderTemplate).toBe('<<conversation>> <<rubric_item>>');
  });
});

const graderFile = () => ({
  name: 'grader.txt',
  size: 32,
  async *chunks() {
    yield new TextEncoder().encode('<<conversation>> <<rubric_item>>');
  },
});

it('gives the questions of a run with their rubrics, to be edited and opened again', async () => {
  const store = new MemoryStore();
  await store.createRun(run);
  const written = { ...testExample('p'), rubrics: [{ criterion: 'helps', points: 4, tags: ['rubric:written'] }] };
  await keepRunData(store, run.runId, [written], [testExample('q')]);
  const { name, file } = await exportRun(store, run, 'data', { collect: () => Promise.reject(new Error('not a zip')) });
  expect(name).toBe('run-1-data.jsonl');
  const again = await openData([bytesSource(name, new Uint8Array(await file.arrayBuffer()))], { builtIn: false });
  const { train, heldOut } = reportData(again, { seed: 1, heldOutShare: 0.1 }).split;
  expect([train, heldOut].map((side) => side.map(({ example }) => example))).toEqual([[written], [testExample('q')]]);
});

it('writes metrics as CSV and JSONL with every key', async () => {
  const store = new MemoryStore();
  const short = testRun({ steps: 2 });
  await store.createRun(short);
  await testSession(short, store).session.drive();
  const metrics = await store.loadMetrics('run-a');
  const [head, ...lines] = metricsCsv(metrics).trim().split('\n');
  expect(head!.split(',')).toEqual(['step', ...Object.keys(METRICS)]);
  expect(lines.map((line) => line.split(',').length)).toEqual([head!.split(',').length, head!.split(',').length]);
  expect(
    metricsJsonl(metrics)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(metrics);
});

/** A run of three steps, as a store has it. */
async function trainedRun() {
  const store = new MemoryStore();
  const short = testRun({ steps: 3 });
  await store.createRun(short);
  const ended = await testSession(short, store).session.drive();
  return { store, run: { ...ended, checkpoints: [] } };
}

it('reads the answers of one step at a time while they are written', async () => {
  const { store, run: ended } = await trainedRun();
  const loaded: number[] = [];
  const load = store.loadRollouts.bind(store);
  store.loadRollouts = async (runId, step) => {
    loaded.push(step);
    return load(runId, step);
  };
  const seen: number[][] = [];
  const collect = async (chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>) => {
    const parts: BlobPart[] = [];
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      seen.push([...loaded]);
      parts.push(chunk as BlobPart);
    }
    return new Blob(parts);
  };
  const { file } = await exportRun(store, ended, 'rollouts', { collect });
  expect(seen).toEqual([[1], [1, 2], [1, 2, 3]]);
  const lines = (await file.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3].flatMap((step) => [step, step, step, step]));
});

it('has the review and the warm start in everything, where there are any', async () => {
  const { store, run: ended } = await trainedRun();
  const names = async () => (await exportFiles(store, ended, 'everything', {})).map(({ name }) => name);
  expect(await names()).toEqual(['config.json', 'metrics.csv', 'metrics.jsonl', 'rollouts.jsonl', 'data.jsonl']);

  const reviews = new Reviews(async () => store);
  const [item] = (await reviews.open('run-a', 1)).items;
  await reviews.save('run-a', { item: item!, opinion: 'disagree', comment: 'no', at: '2026-01-01T00:00:00Z' });
  const warm = { step: 1, steps: 1, loss: 2, grad_norm: 1, documents: 3, too_long: 0, step_time: 1 };
  await keepWarmStep(store, 'run-a', warm);
  const files = await exportFiles(store, ended, 'everything', {});
  expect((await names()).slice(5)).toEqual(['review.jsonl', 'warm-start.jsonl']);
  const review = files.find(({ name }) => name === 'review.jsonl')!;
  let text = '';
  for await (const chunk of review.chunks()) text += new TextDecoder().decode(chunk);
  expect(JSON.parse(text)).toMatchObject({ item: { id: item!.id }, opinion: 'disagree', comment: 'no' });
});
