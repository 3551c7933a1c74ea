import type * as Ort from 'onnxruntime-web';
import { FormatError } from '../formats/formatError';
import type { OnnxFolder } from '../formats/onnxFolder';
import { type ByteSource, baseName } from '../formats/source';
import { fromHalf } from '../halfFloat';

/** The runtime, handed in: pages take its WebGPU build, Node the plain one. */
export type OnnxRuntime = typeof Ort;

export type OnnxProvider = 'webgpu' | 'wasm';

/** The bytes of a model; plain data, so that they can go to another thread without a copy. */
export interface OnnxWeights {
  readonly name: string;
  readonly model: Uint8Array<ArrayBuffer>;
  readonly data: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export async function readOnnx({ model, data }: OnnxFolder): Promise<OnnxWeights> {
  const whole = async (source: ByteSource) => (await source.read(0, source.size)) as Uint8Array<ArrayBuffer>;
  const parts = [];
  for (const file of data) parts.push({ name: baseName(file), bytes: await whole(file) });
  return { name: baseName(model), model: await whole(model), data: parts };
}

/** Keys and values of the first `length` tokens of a sequence. */
export interface Cache {
  readonly length: number;
  readonly tensors: ReadonlyMap<string, Ort.Tensor>;
}

/** Prompts are read in pieces, so that attention never needs a large square. */
const CHUNK = 512;

const KNOWN = ['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'];
const PAST = /^past_key_values\.(\d+\.(?:key|value))$/;

/** A causal language model in ONNX Runtime, one sequence at a time. */
export class OnnxSession {
  private constructor(
    private readonly ort: OnnxRuntime,
    private readonly session: Ort.InferenceSession,
    /** An empty cache: what a sequence starts from. */
    private readonly empty: Cache,
  ) {}

  /** Throws FormatError when the model's inputs are not those of a causal language model with a cache. */
  static async open(
    ort: OnnxRuntime,
    { name, model, data }: OnnxWeights,
    provider: OnnxProvider,
  ): Promise<OnnxSession> {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      ...(data.length > 0 && { externalData: data.map((file) => ({ path: file.name, data: file.bytes })) }),
      // Keys and values stay where they are computed.
      ...(provider === 'webgpu' && { preferredOutputLocation: { logits: 'cpu', ...cacheLocations(200) } }),
    });
    const strange = session.inputNames.filter((name) => !KNOWN.includes(name) && !PAST.test(name));
    if (
      strange.length > 0 ||
      !session.outputNames.includes('logits') ||
      !session.inputNames.some((name) => PAST.test(name))
    ) {
      throw new FormatError(
        `${name} is not a causal language model with a cache of keys and values${strange.length > 0 ? `: it wants ${strange.slice(0, 3).join(', ')}` : ''}`,
        'Take a text-generation model in the layout of onnx-community.',
      );
    }
    const tensors = new Map(
      session.inputMetadata.flatMap((input): [string, Ort.Tensor][] => {
        const part = PAST.exec(input.name)?.[1];
        return part && input.isTensor ? [[part, emptyTensor(ort, input)]] : [];
      }),
    );
    return new OnnxSession(ort, session, { length: 0, tensors });
  }

  /** Logits (V) after the last of the tokens, which follow what `cache` holds, and the longer cache. `cache` stays as it is. */
  async run(tokens: Int32Array, cache: Cache | null): Promise<{ logits: Float32Array; cache: Cache }> {
    let before = cache ?? this.empty;
    let logits: Float32Array = new Float32Array();
    for (let at = 0; at < tokens.length; at += CHUNK) {
      const next = await this.pass(tokens.subarray(at, at + CHUNK), before);
      if (at > 0) this.free(before);
      [before, logits] = [next.cache, next.logits];
    }
    return { logits, cache: before };
  }

  free({ length, tensors }: Cache): void {
    if (length > 0) for (const tensor of tensors.values()) tensor.dispose();
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private async pass(tokens: Int32Array, past: Cache): Promise<{ logits: Float32Array; cache: Cache }> {
    const { ort, session } = this;
    const length = past.length + tokens.length;
    const feeds: Record<string, Ort.Tensor> = {};
    const whole = (name: string, values: BigInt64Array, dims = [1, values.length]) => {
      if (session.inputNames.includes(name)) feeds[name] = new ort.Tensor('int64', values, dims);
    };
    whole('input_ids', BigInt64Array.from(tokens, BigInt));
    whole('attention_mask', new BigInt64Array(length).fill(1n));
    whole(
      'position_ids',
      BigInt64Array.from(tokens, (_, i) => BigInt(past.length + i)),
    );
    whole('num_logits_to_keep', BigInt64Array.of(1n), []);
    for (const [part, tensor] of past.tensors) feeds[`past_key_values.${part}`] = tensor;
    const results = await session.run(feeds);
    const tensors = new Map([...past.tensors.keys()].map((part) => [part, results[`present.${part}`]!]));
    return { logits: lastRow(results.logits!), cache: { length, tensors } };
  }
}

const cacheLocations = (layers: number) =>
  Object.fromEntries(
    Array.from({ length: layers }, (_, i) => [`present.${i}.key`, `present.${i}.value`])
      .flat()
      .map((name) => [name, 'gpu-buffer' as const]),
  );

/** No token yet: the batch is 1, the sequence 0. */
function emptyTensor(ort: OnnxRuntime, { name, type, shape }: Ort.InferenceSession.TensorValueMetadata): Ort.Tensor {
  const dims = shape.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : 0));
  if (type === 'float32') return new ort.Tensor('float32', new Float32Array(), dims);
  if (type === 'float16') return new ort.Tensor('float16', new Uint16Array(), dims);
  throw new FormatError(`${name} is of the type ${type}, which is not supported`, 'Take another version of the model.');
}

/** The last row of logits (1, T, V) as f32. */
function lastRow({ data, dims }: Ort.Tensor): Float32Array {
  const vocabulary = dims.at(-1)!;
  const row = data.slice(data.length - vocabulary) as Float32Array | Uint16Array;
  return row instanceof Uint16Array ? Float32Array.from(row, fromHalf) : Float32Array.from(row);
}
