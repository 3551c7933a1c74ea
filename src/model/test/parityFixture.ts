import type { Architecture, ModelConfig } from '../../domain/model';
import type { Checkpoint, StoredTensor } from '../../formats/checkpoint';
import { readFixture, recordedValues, unpack } from '../../reference/recorded';
import type { LanguageModel, NamedTensor } from '../languageModel';
import type { MicroBatch } from '../microBatch';

interface FormulaTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly seed: number;
  readonly scale: number;
  readonly shift: number;
}
interface RecordedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: string;
}

/** What transformers and PyTorch computed for a random small model (tools/fixtures/model.py). For tests. */
export interface RecordedModel {
  readonly config: ModelConfig;
  readonly tensors: readonly FormulaTensor[];
  readonly sequences: readonly (readonly number[])[];
  /** One weight per predicted token, summing to 1. */
  readonly weight: string;
  readonly temperature: number;
  readonly logits: { readonly sequence: number; readonly data: string };
  readonly loss: number;
  readonly gradients: readonly RecordedArray[];
  readonly adamw: {
    readonly options: Record<'learningRate' | 'beta1' | 'beta2' | 'eps' | 'weightDecay' | 'maxGradNorm', number>;
    readonly losses: readonly number[];
    readonly gradNorms: readonly number[];
    readonly sampleEvery: number;
    readonly final: readonly { readonly name: string; readonly sample: string }[];
  };
  readonly lora: {
    readonly rank: number;
    readonly alpha: number;
    readonly tensors: readonly FormulaTensor[];
    readonly loss: number;
    readonly gradients: readonly RecordedArray[];
  };
}

/** By family: a tied and an untied head, three query heads to a key/value head, every kind of RoPE scaling. */
export const RECORDED = {
  llama: ['llama', 'llama-llama3', 'llama-linear', 'llama-yarn'],
  gemma3: ['gemma3', 'gemma3-untied'],
  mistral: ['mistral', 'mistral-tied'],
  qwen2: ['qwen2', 'qwen2-tied'],
  qwen3: ['qwen3', 'qwen3-untied'],
  smollm3: ['smollm3', 'smollm3-untied'],
} as const satisfies Record<Architecture, readonly string[]>;

export const RECORDED_MODELS = Object.values(RECORDED).flat();

export const recordedModel = (name: (typeof RECORDED_MODELS)[number]) =>
  readFixture<RecordedModel>(import.meta.url, `fixtures/${name}.json`);

/** The tensor of a fixture, made from its formula. */
export function formulaTensor({ name, shape, seed, scale, shift }: FormulaTensor): NamedTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name, shape, data: recordedValues(size, seed).map((value) => value * scale + shift) };
}

/** The recorded model as a checkpoint in memory, in f32. */
export function recordedCheckpoint({ config, tensors }: RecordedModel): Checkpoint {
  const stored = tensors.map((tensor): [string, StoredTensor] => {
    const { name, shape, data } = formulaTensor(tensor);
    const bytes = new Uint8Array(data.buffer as ArrayBuffer);
    const read = {
      read: async () => bytes,
      readPart: async (start: number, end: number) => bytes.subarray(start, end),
    };
    return [name, { name, shape, format: 'F32', bytes: bytes.length, ...read }];
  });
  const tokenizer = {} as Checkpoint['tokenizer'];
  return { name: 'recorded', container: 'huggingFace', config, tensors: new Map(stored), tokenizer };
}

/** All predicted tokens of `sequences` as supervised micro-batches of `perBatch` sequences. */
export function supervisedBatches({ sequences, weight }: RecordedModel, perBatch: number): MicroBatch[] {
  const weights = unpack(weight);
  const batches: MicroBatch[] = [];
  let used = 0;
  for (let first = 0; first < sequences.length; first += perBatch) {
    const part = sequences.slice(first, first + perBatch);
    const starts = [0];
    for (const sequence of part) starts.push(starts.at(-1)! + sequence.length);
    const lossRow = part.flatMap(({ length }, s) => Array.from({ length: length - 1 }, (_, t) => starts[s]! + t));
    const tokens = Int32Array.from(part.flat());
    const M = lossRow.length;
    batches.push({
      tokens,
      starts: Int32Array.from(starts),
      lossRow: Int32Array.from(lossRow),
      target: Int32Array.from(lossRow, (row) => tokens[row + 1]!),
      weight: weights.slice(used, used + M),
      advantage: new Float32Array(M).fill(1),
      oldLogprob: new Float32Array(M).fill(Number.NaN),
      referenceLogprob: new Float32Array(M),
    });
    used += M;
  }
  return batches;
}

/** Weighted cross-entropy of the batches under the model as it is. */
export async function crossEntropy(model: LanguageModel, batches: readonly MicroBatch[], temperature: number) {
  let loss = 0;
  for (const batch of batches) {
    const logprobs = await model.batchLogprobs(batch, temperature, true);
    logprobs.forEach((logprob, m) => {
      loss -= logprob * batch.weight[m]!;
    });
  }
  return loss;
}
