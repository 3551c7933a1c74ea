import type * as Ort from 'onnxruntime-web';
import { FormatError } from '../../formats/formatError';
import type { OnnxFolder } from '../../formats/onnxFolder';
import { type ByteSource, baseName } from '../../formats/source';
import { fromHalf } from '../../halfFloat';
import { type Cache, cachePart, emptyCache, freeCache, gatherRows, type OnnxRuntime } from './onnxCache';

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

/** Prompts are read in pieces, so that attention never needs a large square. */
const CHUNK = 512;

const KNOWN = ['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'];

/** Logits (V) after the last token of each row, and the longer cache. */
export interface Pass {
  readonly logits: readonly Float32Array[];
  readonly cache: Cache;
}

/** A causal language model in ONNX Runtime: several sequences at a time, shorter ones padded on the left. */
export class OnnxSession {
  private constructor(
    private readonly ort: OnnxRuntime,
    private readonly session: Ort.InferenceSession,
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
    const strange = session.inputNames.filter((input) => !KNOWN.includes(input) && cachePart(input) === undefined);
    const cached = session.inputNames.some((input) => cachePart(input) !== undefined);
    if (strange.length > 0 || !session.outputNames.includes('logits') || !cached) {
      throw new FormatError(
        `${name} is not a causal language model with a cache of keys and values${strange.length > 0 ? `: it wants ${strange.slice(0, 3).join(', ')}` : ''}`,
        'Take a text-generation model in the layout of onnx-community.',
      );
    }
    const opened = new OnnxSession(ort, session);
    opened.empty(1); // refuses types that it cannot fill
    return opened;
  }

  has(input: string): boolean {
    return this.session.inputNames.includes(input);
  }

  /** The tokens (one list a row) follow what `cache` holds, which stays as it is. */
  async run(rows: readonly Int32Array[], cache: Cache | null): Promise<Pass> {
    const start = cache ?? this.empty(rows.length);
    if (start.rows !== rows.length) throw new Error(`${rows.length} rows of tokens for a cache of ${start.rows}`);
    const width = Math.max(...rows.map(({ length }) => length));
    let last: Pass = { logits: [], cache: start };
    for (let at = 0; at < width; at += CHUNK) {
      const next = await this.pass(rows, { width, at, columns: Math.min(CHUNK, width - at) }, last.cache);
      if (at > 0) this.free(last.cache);
      last = next;
    }
    return last;
  }

  /** Some rows of a cache, in a given order and as often as they are named. */
  gather(cache: Cache, rows: readonly number[]): Promise<Cache> {
    return gatherRows(this.ort, cache, rows);
  }

  free(cache: Cache): void {
    freeCache(cache);
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private empty(rows: number): Cache {
    return emptyCache(this.ort, this.session.inputMetadata, rows);
  }

  /** Columns `at` … `at + columns` of the rows, which are padded on the left to `width`. */
  private async pass(
    tokens: readonly Int32Array[],
    { width, at, columns }: { width: number; at: number; columns: number },
    past: Cache,
  ): Promise<Pass> {
    const { ort, session } = this;
    const { rows } = past;
    const length = past.length + columns;
    const [ids, positions] = [new BigInt64Array(rows * columns), new BigInt64Array(rows * columns)];
    const mask = new Uint8Array(rows * length);
    const counts = [...past.counts];
    tokens.forEach((own, row) => {
      mask.set(past.mask.subarray(row * past.length, (row + 1) * past.length), row * length);
      for (let column = 0; column < columns; column++) {
        const token = own[at + column - (width - own.length)];
        positions[row * columns + column] = BigInt(counts[row]!);
        if (token === undefined) continue; // padding
        ids[row * columns + column] = BigInt(token);
        mask[row * length + past.length + column] = 1;
        counts[row]!++;
      }
    });
    const feeds: Record<string, Ort.Tensor> = {};
    const feed = (name: string, values: BigInt64Array, dims: readonly number[]) => {
      if (this.has(name)) feeds[name] = new ort.Tensor('int64', values, dims);
    };
    feed('input_ids', ids, [rows, columns]);
    feed('attention_mask', BigInt64Array.from(mask, BigInt), [rows, length]);
    feed('position_ids', positions, [rows, columns]);
    feed('num_logits_to_keep', BigInt64Array.of(1n), []);
    for (const [part, tensor] of past.tensors) feeds[`past_key_values.${part}`] = tensor;
    const results = await session.run(feeds);
    const tensors = new Map([...past.tensors.keys()].map((part) => [part, results[`present.${part}`]!]));
    return { logits: lastRows(results.logits!), cache: { rows, length, mask, counts, tensors } };
  }
}

const cacheLocations = (layers: number) =>
  Object.fromEntries(
    Array.from({ length: layers }, (_, i) => [`present.${i}.key`, `present.${i}.value`])
      .flat()
      .map((name) => [name, 'gpu-buffer' as const]),
  );

/** The last column of logits (rows, columns, V) as f32. */
function lastRows({ data, dims }: Ort.Tensor): Float32Array[] {
  const [rows, columns, vocabulary] = dims as readonly [number, number, number];
  return Array.from({ length: rows }, (_, row) => {
    const end = (row + 1) * columns * vocabulary;
    const values = data.slice(end - vocabulary, end) as Float32Array | Uint16Array;
    return values instanceof Uint16Array ? Float32Array.from(values, fromHalf) : Float32Array.from(values);
  });
}
