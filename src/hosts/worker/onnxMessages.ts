import type { Sampling } from '../../domain/recipe/sampling';
import type { OnnxProvider, OnnxWeights } from '../../grading/onnx/onnxSession';
import type { GenerateRequest, Generation } from '../../model/generation';

/** Lab → the worker of an ONNX teacher. Every command but `abort` is answered by `done` or `failed` with its id. */
export type OnnxCommand =
  | {
      readonly type: 'open';
      readonly id: number;
      readonly weights: OnnxWeights;
      /** Tried in order. */
      readonly providers: readonly OnnxProvider[];
      readonly endTokens: readonly number[];
      readonly contextLength: number;
    }
  | {
      readonly type: 'generate';
      readonly id: number;
      readonly requests: readonly GenerateRequest[];
      readonly sampling: Sampling;
      readonly endTokens: readonly number[];
      readonly stopTokens: Uint32Array | null;
    }
  | {
      readonly type: 'score';
      readonly id: number;
      readonly requests: readonly Int32Array[];
      readonly candidates: readonly number[];
    }
  | { readonly type: 'abort'; readonly id: number };

export type OnnxNotice =
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** `tokens`: read and written since the worker began. */
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result: OnnxProvider | readonly Generation[] | readonly Float32Array[];
      readonly tokens: number;
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly advice: string };
