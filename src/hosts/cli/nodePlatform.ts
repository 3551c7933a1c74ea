import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '../../formats/source';
import { OnnxModel } from '../../grading/onnx/onnxModel';
import { OnnxSession, readOnnx } from '../../grading/onnx/onnxSession';
import type { Platform } from '../../lab/platform';
import { RunLocked } from '../../storage/storageError';
import { openDawn } from './dawn';
import { nodeFiles } from './input/nodeFiles';
import { storeOf } from './input/runFolder';

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
  const held = new Set<string>();
  const release = () => {
    for (const path of held) rmSync(path, { force: true });
    held.clear();
  };
  process.once('exit', release);
  const lockPath = () => join(folder, '.lock');
  const platform: Platform = {
    openGpu: openDawn,
    backend: 'Dawn',
    openStore: async () => storeOf(folder).store,
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
      const path = lockPath();
      if (ownerOf(path) !== null) throw new RunLocked(runId);
      rmSync(path, { force: true });
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      held.add(path);
      return release;
    },
    isLocked: async () => ownerOf(lockPath()) !== null,
    now: () => performance.now(),
    date: () => new Date(),
  };
  return { platform, release };
}

const isJsonl = ({ name }: ByteSource): boolean => name.endsWith('.jsonl');

/** Id of the running process that holds a lock file; null without one. The file of a killed process does not count. */
export function ownerOf(path: string): number | null {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    if (!(owner > 0)) return null; // a truncated file: 0 and negative ids mean process groups
    process.kill(owner, 0);
    return owner;
  } catch {
    return null;
  }
}
