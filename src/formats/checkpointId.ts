import type { Checkpoint } from './checkpoint';

/** SHA-256 (hex) of the config and of every tensor's name, shape and type: tells whether a run can go on with this model. Weights are not read. */
export async function checkpointId({ config, tensors }: Checkpoint): Promise<string> {
  const parts = [...tensors.values()].map(({ name, shape, format }) => `${name} ${shape.join('x')} ${format}`);
  const text = JSON.stringify([config, parts.sort()]);
  return sha256(text);
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
  const names: Record<string, string> = { Q8_0: '8-bit (Q8_0)', Q4_0: '4-bit (Q4_0)', Q4_1: '4-bit (Q4_1)' };
  return names[most] ?? most.toLowerCase();
}

/** Bytes of all weights in the files. */
export const checkpointBytes = ({ tensors }: Checkpoint): number =>
  [...tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
