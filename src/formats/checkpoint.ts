import type { ModelConfig } from '../domain/model';
import type { TensorFormat } from './tensorFormat';
import type { TokenizerFiles } from './tokenizerFiles';

/** A tensor in a file, not read yet. */
export interface StoredTensor {
  /** Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
  /** (out, in) for matrices, (n) for norms. */
  readonly shape: readonly number[];
  readonly format: TensorFormat;
  /** Name of the file that holds it; absent in memory. */
  readonly file?: string;
  /** Bytes in the file. */
  readonly bytes: number;
  /** The bytes as stored, rows in Hugging Face order. */
  read(): Promise<Uint8Array>;
  /** Bytes start … end − 1 of those in the file, in the file's own order of rows. */
  readPart(start: number, end: number): Promise<Uint8Array>;
}

/** A model on disk: everything but the weights is in memory. */
export interface Checkpoint {
  readonly name: string;
  readonly container: 'gguf' | 'huggingFace';
  readonly config: ModelConfig;
  /** By Hugging Face name: exactly the tensors that the config calls for. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly tokenizer: TokenizerFiles;
}
