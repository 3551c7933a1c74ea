import type { Checkpoint, StoredTensor } from './checkpoint';

/** Larger tensors are sampled: this many blocks, the first and the last among them, evenly spread. */
const BLOCKS = 8;
const BLOCK_BYTES = 8 * 1024;
/** Tensors that are read at the same time. */
const AT_ONCE = 8;

/**
 * Which weights a checkpoint has: "w-" and the SHA-256 (hex) of its config and of every tensor's name, shape, format
 * and bytes. Of tensors above 64 KiB only sampled blocks are read, so that a large model opens quickly; training
 * changes every block of what it trains.
 */
export async function checkpointId({ config, tensors }: Checkpoint): Promise<string> {
  const waiting = [...tensors.values()];
  const lines: string[] = [];
  const work = async () => {
    for (let tensor = waiting.pop(); tensor; tensor = waiting.pop())
      lines.push(`${lineOf(tensor)} ${await sha256(...(await sampled(tensor)))}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return weightsId(JSON.stringify([config, lines.sort()]));
}

/** The id of what was derived from identified weights and other bytes. */
export const weightsId = async (...parts: readonly (string | Uint8Array)[]): Promise<string> =>
  `w-${await sha256(...parts)}`;

/**
 * How models were told apart before: by their config and their tensors' names, shapes and formats, whatever the
 * weights. In hex.
 */
export async function formerCheckpointId({ config, tensors }: Checkpoint): Promise<string> {
  return sha256(JSON.stringify([config, [...tensors.values()].map(lineOf).sort()]));
}

/** The first characters of an id, for people to tell two apart. */
export const shortModelId = (id: string): string => id.slice(0, id.startsWith('w-') ? 10 : 8);

const lineOf = ({ name, shape, format }: StoredTensor): string => `${name} ${shape.join('x')} ${format}`;

function sampled(tensor: StoredTensor): Promise<Uint8Array[]> {
  const { bytes } = tensor;
  if (bytes <= BLOCKS * BLOCK_BYTES) return Promise.all([tensor.readPart(0, bytes)]);
  const starts = Array.from({ length: BLOCKS }, (_, i) => Math.floor((i * (bytes - BLOCK_BYTES)) / (BLOCKS - 1)));
  return Promise.all(starts.map((start) => tensor.readPart(start, start + BLOCK_BYTES)));
}

/** Of texts and bytes, one after the other; in hex. */
export async function sha256(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts as BlobPart[]).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The format of most of the weights, as people say it: "bf16", "4-bit (Q4_1)". */
export function weightFormat({ tensors }: Checkpoint): string {
  const bytes = new Map<string, number>();
  for (const { format, shape, bytes: size } of tensors.values()) {
    if (shape.length > 1) bytes.set(format, (bytes.get(format) ?? 0) + size);
  }
  const [most] = [...bytes].sort((a, b) => b[1] - a[1])[0] ?? ['F32'];
  const bits = /^Q(\d)_/.exec(most)?.[1];
  return bits ? `${bits}-bit (${most})` : most.toLowerCase();
}

/** Bytes of all weights in the files. */
export const checkpointBytes = ({ tensors }: Checkpoint): number =>
  [...tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
