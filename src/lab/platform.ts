import type { SavedModelReport } from '../domain/reports';
import type { OnnxFolder } from '../formats/onnxFolder';
import type { ByteSource } from '../formats/source';
import type { Gpu } from '../gpu/gpu';
import type { OnnxGraderModel } from '../grading/onnx/onnxTeacher';
import type { TuningCache } from '../model/tuning';
import type { RunStore } from '../storage/runStore';
import type { ProbeThread } from './models/probe';

/**
 * What the lab needs from where it runs: a browser's worker (browserPlatform.ts) or Node (hosts/cli/nodePlatform.ts).
 */
export interface Platform {
  /** The device of the best adapter; called again after a device loss. Throws NoWebGpu. */
  openGpu(): Promise<Gpu>;
  /** Who implements WebGPU here, for the Device card. */
  readonly backend: string;
  /** Cache of kernel tables from earlier starts; without one every start tunes again. */
  readonly tuningCache?: TuningCache;
  openStore(): Promise<RunStore>;
  /** A thread in which a model's tokenizer and template are tried before they are used. */
  openProbeThread(): ProbeThread | Promise<ProbeThread>;
  builtInModel(): Promise<ByteSource[]>;
  builtInData(): Promise<ByteSource[]>;
  /**
   * Saves a copy of a model's files, so that its runs can continue after a reload. Nothing to do where files stay
   * readable.
   */
  saveModel(id: string, name: string, files: readonly ByteSource[]): Promise<void>;
  /** Null when no whole copy is there. */
  savedModel(id: string): Promise<readonly ByteSource[] | null>;
  /**
   * A copy kept under an id of the former kind is found by the id of its weights from then on. Nothing to do where
   * there is none.
   */
  renameSavedModel(from: string, to: string): Promise<void>;
  /** Saved copies of models. */
  savedModels(): Promise<readonly Omit<SavedModelReport, 'inUse'>[]>;
  deleteSavedModel(id: string): Promise<void>;
  /** A large file made from a stream, on disk where there is one. */
  collect(chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): Promise<Blob>;
  /**
   * Takes a run for writing until the returned function is called. Throws RunLocked when another tab or process has it.
   */
  lock(runId: string): Promise<() => void>;
  isLocked(runId: string): Promise<boolean>;
  /** Where ONNX Runtime runs a teacher; `gpu` when it is a graphics adapter. */
  readonly onnx: { readonly gpu: boolean; open(folder: OnnxFolder): Promise<OnnxGraderModel> };
  /** Milliseconds of a steady clock. */
  now(): number;
  date(): Date;
}
