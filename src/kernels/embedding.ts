import backwardWgsl from '../../shaders/embedding.backward.wgsl?raw';
import forwardWgsl from '../../shaders/embedding.forward.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import bf16Wgsl from '../../shaders/lib/weights/weight.bf16.wgsl?raw';
import f16Wgsl from '../../shaders/lib/weights/weight.f16.wgsl?raw';
import f32Wgsl from '../../shaders/lib/weights/weight.f32.wgsl?raw';
import q4Wgsl from '../../shaders/lib/weights/weight.q4.wgsl?raw';
import q8Wgsl from '../../shaders/lib/weights/weight.q8.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { strideOf, VALUES_PER_WORD, type Weight } from './weights/weight';

const WORKGROUP = 64;
const PLAIN = { token: 'read', x: 'write', words: 'read' } as const;
const SCALED = { ...PLAIN, scales: 'read' } as const;

/**
 * Lookup of token vectors in a weight (K = C, N = V) of any format, shard by shard. reference/embedding.ts has the
 * plain loops.
 */
export async function embedding(gpu: Gpu) {
  const plain = (format: string, wgsl: string) => compile(gpu, forwardSpec(format, wgsl, PLAIN));
  const scaled = (format: string, wgsl: string) => compile(gpu, forwardSpec(format, wgsl, SCALED));
  const [f32, bf16, f16, q8, q4] = await Promise.all([
    plain('f32', f32Wgsl),
    plain('bf16', bf16Wgsl),
    plain('f16', f16Wgsl),
    scaled('q8', q8Wgsl),
    scaled('q4', q4Wgsl),
  ]);
  const forward = { f32, bf16, f16, q8, q4 };

  const CLASSES = gpu.facts.software ? 4 : 32;
  const backward = await compile(gpu, {
    label: 'embedding.backward',
    source: [backwardWgsl],
    bindings: { token: 'read', dx: 'read', dweight: 'accumulate' },
    params: { N: 'u32', C: 'u32', start: 'u32', count: 'u32', stride: 'u32', scale: 'f32' },
    overrides: { CLASSES },
  });

  return {
    /** token (N) below V, weight (C, V) → x (N, C), times `scale`. */
    forward(
      to: Recorder,
      t: Record<'token' | 'x', Tensor>,
      weight: Weight,
      { rows, scale = 1 }: { rows?: number; scale?: number } = {},
    ) {
      const { N, C } = sizes(t, weight);
      const threads = (rows ?? N) * Math.ceil(C / VALUES_PER_WORD[weight.format]);
      for (const { start, count, words, scales } of weight.shards) {
        const params = { N: rows ?? N, C, start, count, quads: strideOf(count) / 4, scale };
        // Formats without scales bind no such name; the words stand in for the type.
        const bound = { ...t, words, scales: scales ?? words };
        forward[weight.format].record(to, bound, params, grid(Math.ceil(threads / WORKGROUP)));
      }
    },
    /** Adds scale · dx (N, C) to the tokens' columns of dweight (C, V), format f32. The order of addition is fixed. */
    backward(
      to: Recorder,
      t: Record<'token' | 'dx', Tensor>,
      dweight: Weight,
      { rows, scale = 1 }: { rows?: number; scale?: number } = {},
    ) {
      const { N, C } = sizes({ token: t.token, x: t.dx }, dweight);
      if (dweight.format !== 'f32') {
        throw new Error(`${dweight.label}: gradients are f32, this weight is ${dweight.format}`);
      }
      for (const { start, count, words } of dweight.shards) {
        const params = { N: rows ?? N, C, start, count, stride: strideOf(count), scale };
        backward.record(to, { ...t, dweight: words }, params, [Math.ceil(C / WORKGROUP), CLASSES]);
      }
    },
  };
}

const forwardSpec = <const B extends Record<string, 'read' | 'write'>>(format: string, wgsl: string, bindings: B) => ({
  label: `embedding.forward.${format}`,
  source: [gridWgsl, wgsl, forwardWgsl],
  bindings,
  params: { N: 'u32', C: 'u32', start: 'u32', count: 'u32', quads: 'u32', scale: 'f32' } as const,
});

function sizes(t: Record<'token' | 'x', Tensor>, weight: Weight): { N: number; C: number } {
  const { N, C } = dims({ token: 'N', x: 'N C' }, t);
  if (C !== weight.K) throw new Error(`${weight.label}: K is ${weight.K} here but C is ${C} in x`);
  return { N: N!, C: C! };
}
