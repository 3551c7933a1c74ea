import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import ropeWgsl from '../../shaders/rope.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { compileWidths } from './weights/valueWidth';

const WORKGROUP = 64;

/**
 * (T, D): for each position D/2 cosines, then D/2 sines of position · frequency, all times `scale`. In f64, since f32
 * angles drift at long contexts. frequencies (D/2): radians per position.
 */
export function ropeTable(frequencies: Float64Array, T: number, scale = 1): Float32Array {
  const D = 2 * frequencies.length;
  const table = new Float32Array(T * D);
  frequencies.forEach((frequency, i) => {
    for (let t = 0; t < T; t++) {
      table[t * D + i] = scale * Math.cos(t * frequency);
      table[t * D + D / 2 + i] = scale * Math.sin(t * frequency);
    }
  });
  return table;
}

const SHAPES = { q: 'N H D', k: 'N K D', position: 'N', table: 'T D' } as const;
type Rotated = Record<keyof typeof SHAPES, Tensor>;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) of query and key heads, in place. reference/rope.ts has
 * the plain loops.
 */
export async function rope(gpu: Gpu) {
  const rotate = await compileWidths(gpu, {
    label: 'rope',
    source: [gridWgsl, ropeWgsl],
    bindings: { q: 'update', k: 'update', position: 'read', table: 'read' },
    params: { N: 'u32', H: 'u32', K: 'u32', D: 'u32', direction: 'f32' },
  });
  const record = (to: Recorder, t: Rotated, direction: 1 | -1, rows?: number) => {
    const { N, H, K, D } = dims(SHAPES, t) as Record<'N' | 'H' | 'K' | 'D', number>;
    const { kernel, values: half } = rotate(D / 2);
    const pairs = (rows ?? N) * (H + K) * half;
    kernel.record(to, t, { N: rows ?? N, H, K, D: 2 * half, direction }, grid(Math.ceil(pairs / WORKGROUP)));
  };

  return {
    /** Rotates q (N, H, D) and k (N, K, D) by position (N), each below T of table (T, D). */
    forward(to: Recorder, t: Rotated, { rows }: { rows?: number } = {}) {
      record(to, t, 1, rows);
    },
    /** Rotates the gradients q (N, H, D) and k (N, K, D) back. */
    backward(to: Recorder, t: Rotated, { rows }: { rows?: number } = {}) {
      record(to, t, -1, rows);
    },
  };
}
