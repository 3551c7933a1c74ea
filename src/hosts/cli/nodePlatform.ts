import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '../../formats/source';
import { OnnxModel } from '../../grading/onnx/onnxModel';
import { OnnxSession, readOnnx } from '../../grading/onnx/onnxSession';
import type { Platform } from '../../lab/platform';
import { RunLocked } from '../../storage/storageError';
import { openDawn } from './dawn';
import { isFolderLocked, lockFolder } from './folderLock';
import { nodeFiles } from './input/nodeFiles';
import { storeOf } from './input/runFolder';
import { openProbeThread } from './probeThread';

const PUBLIC = join(import.meta.dirname, '../../../public');

/** ONNX Runtime on the CPU. */
export const nodeOnnx: Platform['onnx'] = {
  gpu: false,
  open: async (folder) => {
    const session = await OnnxSession.open(await import('onnxruntime-web'), await readOnnx(folder), 'wasm');
    return new OnnxModel(session, folder, folder.contextLength);
  },
};

/** Node with Dawn. The run is saved in `folder`; `release` removes its lock. */
export function nodePlatform(folder: string): { platform: Platform; release: () => void } {
  let held: (() => void) | undefined;
  const release = () => {
    held?.();
    held = undefined;
  };
  const platform: Platform = {
    openGpu: openDawn,
    backend: 'Dawn',
    openStore: async () => storeOf(folder).store,
    openProbeThread,
    builtInModel: () => nodeFiles(join(PUBLIC, 'models/tiny')),
    builtInData: async () => (await nodeFiles(join(PUBLIC, 'sample'))).filter(isJsonl),
    saveModel: async () => {},
    savedModel: async () => null,
    renameSavedModel: async () => {},
    savedModels: async () => [],
    deleteSavedModel: async () => {},
    collect: (chunks) => new Response(chunks as BodyInit).blob(),
    onnx: nodeOnnx,
    lock: async (runId) => {
      mkdirSync(folder, { recursive: true });
      const unlock = await lockFolder(folder);
      if (!unlock) throw new RunLocked(runId);
      rmSync(join(folder, '.lock'), { force: true }); // of older versions, which wrote their process id
      held = unlock;
      return release;
    },
    isLocked: async () => existsSync(folder) && (await isFolderLocked(folder)),
    now: () => performance.now(),
    date: () => new Date(),
  };
  return { platform, release };
}

const isJsonl = ({ name }: ByteSource): boolean => name.endsWith('.jsonl');
