import { damaged, FormatError } from './formatError';
import { type ByteSource, baseName } from './source';

/** Metadata values; integers of 64 bits become numbers, and are refused above 2^53. */
export type GgufValue = string | number | boolean | readonly GgufValue[];

export interface GgufTensorInfo {
  readonly name: string;
  /** Innermost size first, the reverse of a Hugging Face shape. */
  readonly sizes: readonly number[];
  /** ggml's type number. */
  readonly type: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensorInfo[];
}

const FIRST_READ = 8 * 2 ** 20;
/** Headers of models with 262,144 tokens take about 16 MB. */
const LARGEST_HEADER = 64 * 2 ** 20;
const MAX_ENTRIES = 100_000;
/** In all arrays of a header together: tokens, their types and scores, and merges. */
const MAX_ELEMENTS = 4_000_000;
const MAX_NAME = 65_536;

class NeedMore extends Error {}

/**
 * Reads the header of a GGUF file, versions 2 and 3, little-endian (layout: docs/gguf.md of the ggml repository). All
 * counts and lengths are checked against the file before anything is allocated for them.
 */
export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  for (let length = FIRST_READ; ; length *= 4) {
    const end = Math.min(length, LARGEST_HEADER, source.size);
    try {
      return parse(new Cursor(await source.read(0, end), baseName(source)), source);
    } catch (error) {
      if (!(error instanceof NeedMore)) throw error;
      if (end === source.size) throw damaged(baseName(source), 'it ends within its header');
      if (end >= LARGEST_HEADER) throw damaged(baseName(source), 'its header has no end');
    }
  }
}

function parse(at: Cursor, source: ByteSource): GgufHeader {
  const file = baseName(source);
  if (source.size < 24 || at.u32() !== 0x46554747) {
    throw new FormatError(`${file} is not a GGUF file`, 'Choose a .gguf model file, or the files of a model folder.');
  }
  const version = at.u32();
  if (version !== 2 && version !== 3) {
    throw new FormatError(
      `${file} is GGUF version ${version > 0xffff ? '? (big-endian)' : version}; versions 2 and 3, little-endian, are supported`,
      'Convert the model again with a current llama.cpp.',
    );
  }
  const tensorCount = at.count(MAX_ENTRIES);
  const entryCount = at.count(MAX_ENTRIES);

  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) {
    const key = at.string(MAX_NAME);
    if (metadata.has(key)) throw damaged(file, `metadata key ${key} appears twice`);
    metadata.set(key, at.value(at.u32(), 0));
  }

  const tensors: GgufTensorInfo[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensorCount; i++) {
    const name = at.string(MAX_NAME);
    if (names.has(name)) throw damaged(file, `tensor ${name} appears twice`);
    names.add(name);
    const dimensions = at.u32();
    if (dimensions > 4) throw damaged(file, `tensor ${name} has ${dimensions} dimensions`);
    const sizes = Array.from({ length: dimensions }, () => at.count(2 ** 40));
    tensors.push({ name, sizes, type: at.u32(), offset: at.count(source.size) });
  }

  const alignment = Number(metadata.get('general.alignment') ?? 32);
  if (!Number.isInteger(alignment) || alignment < 1 || alignment > 2 ** 20) {
    throw damaged(file, `general.alignment is ${alignment}`);
  }
  const dataStart = Math.ceil(at.position / alignment) * alignment;
  return { metadata, tensors: tensors.map((tensor) => ({ ...tensor, offset: dataStart + tensor.offset })) };
}

/** Reads little-endian values in order; throws NeedMore past the bytes at hand. */
class Cursor {
  position = 0;
  private elements = MAX_ELEMENTS;
  private readonly view: DataView;
  private readonly text = new TextDecoder('utf-8', { ignoreBOM: true }); // a token may begin with one

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(length: number): number {
    const start = this.position;
    if (start + length > this.bytes.length) throw new NeedMore();
    this.position += length;
    return start;
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A u64 that counts something and is at most `limit`. */
  count(limit: number): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(limit)) throw damaged(this.file, `its header counts ${value} where at most ${limit} make sense`);
    return Number(value);
  }

  string(limit = LARGEST_HEADER): string {
    const length = this.count(limit);
    const start = this.take(length);
    return this.text.decode(this.bytes.subarray(start, start + length));
  }

  value(type: number, depth: number): GgufValue {
    const { view } = this;
    switch (type) {
      case 0:
        return view.getUint8(this.take(1));
      case 1:
        return view.getInt8(this.take(1));
      case 2:
        return view.getUint16(this.take(2), true);
      case 3:
        return view.getInt16(this.take(2), true);
      case 4:
        return this.u32();
      case 5:
        return view.getInt32(this.take(4), true);
      case 6:
        return view.getFloat32(this.take(4), true);
      case 7:
        return view.getUint8(this.take(1)) !== 0;
      case 8:
        return this.string();
      case 9:
        return this.array(depth);
      case 10:
        return this.count(Number.MAX_SAFE_INTEGER);
      case 11: {
        const value = Number(view.getBigInt64(this.take(8), true));
        if (!Number.isSafeInteger(value)) throw damaged(this.file, `its header holds the integer ${value}`);
        return value;
      }
      case 12:
        return view.getFloat64(this.take(8), true);
      default:
        throw damaged(this.file, `its header holds a value of unknown type ${type}`);
    }
  }

  private array(depth: number): GgufValue[] {
    if (depth > 3) throw damaged(this.file, 'its header nests arrays too deeply');
    const type = this.u32();
    const length = this.count(this.elements);
    this.elements -= length;
    // Every element takes at least a byte, so that a false length cannot make us allocate more than the file has.
    if (this.position + length > this.bytes.length) throw new NeedMore();
    const values: GgufValue[] = [];
    for (let i = 0; i < length; i++) values.push(this.value(type, depth + 1));
    return values;
  }
}
