import { describe, expect, it } from 'vitest';
import { type ByteSource, baseName } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { openProbeThread } from '../test/probeHere';
import { failureOf, openLab, recipe } from '../test/testGpuLab';
import { openModel } from './openModel';

/** The tiny model, fine-tuned as little as can be: one bit of one weight. */
async function fineTune(): Promise<File[]> {
  const sources = await asSources(tinyFolder(tinyConfig()));
  return Promise.all(
    sources.map(async (source: ByteSource) => {
      const bytes = await source.read(0, source.size);
      if (source.name.endsWith('.safetensors')) bytes[bytes.length - 2]! ^= 1;
      return new File([bytes as BlobPart], baseName(source));
    }),
  );
}

const opened = async () => openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false, openProbeThread });

describe('the model of a run', () => {
  it('is refused when its weights differ, with both identities, and two fine-tunes are kept apart', async () => {
    const { call, ready, train, savedModels } = openLab();
    await ready();
    const run = await train(recipe({ steps: 1 }));
    expect(run.modelId).toMatch(/^w-/);
    const other = await call({ type: 'openModel', source: { kind: 'files', files: await fineTune() } });
    expect(other.id).not.toBe(run.modelId);
    const second = await train(recipe({ steps: 1 }));
    expect([...savedModels.keys()].sort()).toEqual([run.modelId, second.modelId].sort());

    savedModels.clear();
    for (const request of [
      { type: 'continueRun', runId: run.runId, checkpointStep: 1 },
      { type: 'exportRun', runId: run.runId, kind: 'merged' },
    ] as const) {
      const { kind, message } = await failureOf(call(request));
      expect(kind).toBe('needsFiles');
      expect(message).toBe(
        `This run started from model (${run.modelId.slice(0, 10)}); model (${other.id.slice(0, 10)}) is another model.`,
      );
    }
  });

  it('is taken when an older run names it by names and shapes, and then named by its weights', async () => {
    const { ready, train, store, savedModels, lab } = openLab();
    await ready();
    const run = await train(recipe({ steps: 1 }));
    const { formerId } = await opened();
    store.runs.set(run.runId, { ...store.runs.get(run.runId)!, modelId: formerId, steps: 2 });
    const { parts } = (await store.loadCheckpoint(run.runId, 1))!;
    const state = JSON.parse(new TextDecoder().decode(parts.get('state.json')));
    const former = new TextEncoder().encode(JSON.stringify({ ...state, modelId: formerId }));
    store.checkpoints.get(run.runId)!.set(1, { step: 1, parts: new Map([...parts, ['state.json', former]]) });
    savedModels.set(formerId, savedModels.get(run.modelId)!);
    savedModels.delete(run.modelId);

    // After a reload: only the kept copy is there.
    const again = openLab(store, new Set(), savedModels);
    await again.call({ type: 'continueRun', runId: run.runId, checkpointStep: 1 });
    await again.lab.runEnded();
    expect(again.of('failed')).toEqual([]);
    expect((await store.loadRun(run.runId))!).toMatchObject({ modelId: run.modelId, step: 2, status: 'finished' });
    expect(savedModels.has(run.modelId)).toBe(true);
    await lab.idle();
  });
});
