import { type ByteSource, bytesSource } from '../../formats/source';
import { openDevice } from '../../gpu/device';
import { Gpu } from '../../gpu/gpu';
import { LabError } from '../../lab/failures';
import type { Platform } from '../../lab/platform';
import { openPort } from '../../protocol/port';
import { openBrowserRunStore } from '../../storage/browserRunStore';
import { exportFile } from '../../storage/exportFile';
import { RunLocked } from '../../storage/storageError';
import { tuningCache } from '../../storage/tuningCache';
import { openWeightsStore } from '../../storage/weightsStore';
import { OnnxClient } from './onnxClient';
import type { OnnxCommand, OnnxNotice } from './onnxMessages';
import { openProbeThread } from './probeThread';

const MODEL = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors', 'grader.txt'];
const DATA = ['triage.jsonl', 'triage-heldout.jsonl'];

/** Where public files are served: the worker's own script is in assets/ once built, and anywhere while developing. */
const publicUrl = (path: string): URL => new URL(`${import.meta.env.DEV ? '/' : '../'}${path}`, self.location.href);

async function fetched(folder: string, names: readonly string[]): Promise<ByteSource[]> {
  return Promise.all(
    names.map(async (name) => {
      const response = await fetch(publicUrl(`${folder}/${name}`)).catch(() => null);
      if (!response?.ok) {
        throw new LabError(
          'badModel',
          `The built-in file ${folder}/${name} could not be loaded.`,
          'Serve the whole build (npm start), or open your own model and data.',
        );
      }
      return bytesSource(`${folder.split('/').at(-1)}/${name}`, new Uint8Array(await response.arrayBuffer()));
    }),
  );
}

const lockName = (runId: string): string => `autodidact ${runId}`;

/** A dedicated worker of a page. */
export const browserPlatform = (): Platform => ({
  openGpu: async () => {
    const { device, facts } = await openDevice(navigator.gpu);
    return new Gpu(device, facts);
  },
  backend: 'WebGPU',
  tuningCache: tuningCache(navigator.userAgent),
  openStore: () => openBrowserRunStore(),
  openProbeThread,
  builtInModel: () => fetched('models/tiny', MODEL),
  builtInData: () => fetched('sample', DATA),
  saveModel: async (id, name, files) => (await openWeightsStore()).keep(id, name, files),
  savedModel: async (id) => (await openWeightsStore()).open(id),
  renameSavedModel: async (from, to) => (await openWeightsStore()).rename(from, to),
  savedModels: async () => (await openWeightsStore()).list(),
  deleteSavedModel: async (id) => (await openWeightsStore()).delete(id),
  collect: (chunks) => exportFile(chunks),
  onnx: {
    gpu: 'gpu' in navigator,
    open: (folder) => {
      const thread = new Worker(new URL('./onnxWorker.ts', import.meta.url), { type: 'module', name: 'teacher' });
      const providers = 'gpu' in navigator ? (['webgpu', 'wasm'] as const) : (['wasm'] as const);
      return OnnxClient.open(openPort<OnnxCommand, OnnxNotice>(thread), folder, providers, () => thread.terminate());
    },
  },
  lock: (runId) =>
    new Promise((resolve, reject) => {
      const held = navigator.locks.request(lockName(runId), { ifAvailable: true }, (lock) => {
        if (!lock) throw new RunLocked(runId);
        return new Promise<void>((release) => resolve(release));
      });
      held.catch(reject);
    }),
  isLocked: async (runId) => {
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === lockName(runId));
  },
  now: () => performance.now(),
  date: () => new Date(),
});
