import { describe, expect, it } from 'vitest';
import { writePeft } from '../../formats/peft';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import { Engine } from '../engine';
import { memoryNeeds } from '../models/memoryNeeds';
import { type OpenModel, openModel } from '../models/openModel';
import { restoreCheckpoint, trainedTensors } from '../run/checkpointState';
import { openProbeThread } from '../test/probeHere';
import { DRAWN, failureOf, filesOf, openLab, recipe } from '../test/testGpuLab';
import { adapterFiles, mergedFiles } from './exportModel';

describe('what a run exports', () => {
  it.each([
    ['lora', { kind: 'lora', rank: 4, alpha: 8 }],
    ['full', { kind: 'full' }],
  ] as const)('exports a folder that opens again with the same logits (%s)', async (_, trainable) => {
    const { call, ready, train, of, store } = openLab();
    await ready();
    const run = await train(recipe({ steps: 2, grader: DRAWN, trainable }));
    expect(of('step').some(({ metrics }) => metrics.grad_norm! > 0)).toBe(true);
    const { file, name } = await call({ type: 'exportRun', runId: run.runId, kind: 'merged' });
    expect([name, file.size > 100_000]).toEqual(['run-1-merged.zip', true]);

    const opened = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false, openProbeThread });
    const kept = (await store.loadRun(run.runId))!;
    const trained = await trainedTensors((await store.loadCheckpoint(run.runId, 2))!);
    const folder = await asSources(mergedFiles(opened, kept, trained));
    const merged = await openModel(folder, { builtIn: false, openProbeThread });
    const logits = await logitsOf(merged);
    const before = await logitsOf(opened);
    const trainedLogits = await logitsOf(opened, kept.config, (await store.loadCheckpoint(run.runId, 2))!);
    expect(difference(logits, trainedLogits)).toBeLessThan(1e-4);
    expect(difference(logits, before)).toBeGreaterThan(1e-3);
  });

  it('opens an exported adapter on its base with the logits of the trained model, keeps both, and trains on', async () => {
    const { call, ready, train, of, store, savedModels } = openLab();
    await ready();
    const run = await train(recipe({ steps: 2, grader: DRAWN }));
    expect(of('step').some(({ metrics }) => metrics.grad_norm! > 0)).toBe(true);
    const { file } = await call({ type: 'exportRun', runId: run.runId, kind: 'adapter' });
    expect(file.size).toBeGreaterThan(10_000);

    const base = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false, openProbeThread });
    const checkpoint = (await store.loadCheckpoint(run.runId, 2))!;
    const exported = adapterFiles(base, run, await trainedTensors(checkpoint));
    const files = await filesOf(exported);
    const report = await call({ type: 'openModel', source: { kind: 'files', files } });
    expect(report.adapter).toEqual({ rank: 4, madeFor: 'model', sameName: true });
    expect(report.id).not.toBe(base.report.id);

    const opened = await openModel([...base.files, ...(await asSources(exported, 'learned'))], {
      builtIn: false,
      openProbeThread,
    });
    expect(opened.report).toMatchObject({ id: report.id, name: 'tiny + learned' });
    const logits = await logitsOf(opened);
    const trained = await logitsOf(base, run.config, checkpoint);
    const untrained = await logitsOf(base);
    expect(difference(logits, trained)).toBeLessThan(1e-4);
    expect(difference(logits, untrained)).toBeGreaterThan(1e-3);

    const next = await train(recipe({ steps: 1 }));
    expect(next.modelId).toBe(report.id);
    const kept = await openModel(savedModels.get(report.id)!, { builtIn: false, openProbeThread });
    expect(kept.report.id).toBe(report.id);
  });

  it('refuses an adapter without a model, or of another, by name', async () => {
    const { call, ready } = openLab();
    const other = await openModel(await asSources(tinyFolder(tinyConfig({ hidden: 128 }))), {
      builtIn: false,
      openProbeThread,
    });
    const pairs = Array.from({ length: 2 }, (_, layer) => ({
      layer,
      projection: 'up_proj' as const,
      a: new Float32Array(2 * 64),
      b: new Float32Array(128 * 2),
    }));
    const files = await filesOf(
      writePeft({ rank: 2, alpha: 2, targets: ['up_proj'], baseModel: 'other', pairs }, other.report.config),
    );
    const open = () => failureOf(call({ type: 'openModel', source: { kind: 'files', files } }));
    const refused = [await open()];
    await ready();
    refused.push(await open());
    expect(refused.map(({ kind }) => kind)).toEqual(['badModel', 'badModel']);
    expect(refused[0]!.message).toMatch(/no model is open/);
    expect(refused[1]!.message).toMatch(/up_proj\.lora_B\.weight is \(128, 2\), the model calls for \(96, 2\)/);
    expect((await call({ type: 'plan', config: recipe() })).plan!.fits).toBe(true);
  });
});

async function logitsOf(
  opened: OpenModel,
  config = recipe(),
  checkpoint?: Parameters<typeof restoreCheckpoint>[1],
): Promise<Float32Array> {
  const engine = new Engine(testGpu);
  const built = await engine.build(opened, memoryNeeds(config, opened, []));
  if (checkpoint) await restoreCheckpoint(built, checkpoint, opened);
  const logits = await built.logits(
    Int32Array.from({ length: 12 }, (_, i) => 40 + 7 * i),
    checkpoint !== undefined,
  );
  engine.releaseModel();
  return logits;
}

/** Largest of all absolute differences. */
const difference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
