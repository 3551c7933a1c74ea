import { z } from 'zod';
import type { StoredTensor } from './checkpoint';
import { damaged, FormatError } from './formatError';
import { type ByteSource, baseName } from './source';
import { type TensorFormat, tensorBytes } from './tensorFormat';

const LARGEST_HEADER = 100_000_000; // the format's own limit

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/**
 * Reads the header of a safetensors file: u64 length, JSON, data. Every tensor must have as many bytes as its shape
 * says, and together they must cover the data without gap or overlap. Types besides F32, F16 and BF16 are refused by
 * name.
 */
export async function readSafetensors(source: ByteSource): Promise<StoredTensor[]> {
  const file = baseName(source);
  if (source.size < 8) throw damaged(file, 'it is shorter than its own header');
  const head = await source.read(0, 8);
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(LARGEST_HEADER, source.size - 8))) {
    throw damaged(file, `its header says it is ${length} bytes long`);
  }
  const dataStart = 8 + Number(length);
  const header = parseHeader(file, await source.read(8, dataStart));

  const tensors: StoredTensor[] = [];
  const spans: { name: string; start: number; end: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) throw damaged(file, `its header's entry ${name} is not a tensor`);
    const { dtype, shape, data_offsets } = parsed.data;
    const format = formatOf(file, name, dtype);
    const [start, end] = data_offsets;
    if (end - start !== tensorBytes(format, shape)) {
      throw damaged(file, `${name} (${shape.join(', ')}) ${dtype} cannot have ${end - start} bytes`);
    }
    if (dataStart + end > source.size) throw damaged(file, `${name} lies past the end of the file`);
    spans.push({ name, start, end });
    const readPart = (from: number, to: number) => source.read(dataStart + start + from, dataStart + start + to);
    tensors.push({ name, shape, format, file, bytes: end - start, read: () => readPart(0, end - start), readPart });
  }
  // The format allows no gaps: one would hide bytes, or a name that the header gives twice.
  spans.sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const span of spans) {
    if (span.start !== end) throw damaged(file, `${span.name} starts at ${span.start}, where ${end} is due`);
    end = span.end;
  }
  if (dataStart + end !== source.size)
    throw damaged(file, `its tensors take ${end} bytes, it has ${source.size - dataStart}`);
  return tensors;
}

function parseHeader(file: string, bytes: Uint8Array): Record<string, unknown> {
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, `its header is not JSON (${cause instanceof Error ? cause.message : cause})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(file, 'its header is no object');
  return value as Record<string, unknown>;
}

function formatOf(file: string, name: string, dtype: string): TensorFormat {
  if (dtype === 'F32' || dtype === 'F16' || dtype === 'BF16') return dtype;
  throw new FormatError(
    `${file}: ${name} is stored as ${dtype}, which is not supported`,
    'Use a checkpoint in F32, F16 or BF16, or a GGUF file in Q8_0, Q4_0 or Q4_1.',
  );
}

/** A tensor to be written; its bytes come when asked for and may be large in all. */
export interface OutputTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: 'F32' | 'BF16' | 'F16';
}

/** Size in bytes of the file that writeSafetensors makes. */
export function safetensorsSize(tensors: readonly OutputTensor[]): number {
  return header(tensors).length + tensors.reduce((sum, t) => sum + tensorBytes(t.format, t.shape), 0);
}

/** A safetensors file in chunks: the header, then each tensor's bytes in the given order, read one at a time. */
export async function* writeSafetensors<T extends OutputTensor>(
  tensors: readonly T[],
  read: (tensor: T) => Promise<Uint8Array> | Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield header(tensors);
  for (const tensor of tensors) {
    const bytes = await read(tensor);
    const expected = tensorBytes(tensor.format, tensor.shape);
    if (bytes.length !== expected)
      throw new Error(`${tensor.name} gave ${bytes.length} bytes, its shape says ${expected}`);
    yield bytes;
  }
}

function header(tensors: readonly OutputTensor[]): Uint8Array {
  let offset = 0;
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const { name, shape, format } of tensors) {
    if (name in entries) throw new Error(`${name} is to be written twice`);
    const end = offset + tensorBytes(format, shape);
    entries[name] = { dtype: format, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  // Padded with spaces so that the data starts at a multiple of 8.
  const out = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(32);
  new DataView(out.buffer).setBigUint64(0, BigInt(out.length - 8), true);
  out.set(json, 8);
  return out;
}
