import type { Gpu } from '../gpu/gpu';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { type GemmKernel, type GemmVariant, gemmKernel, type Orientation } from './gemmVariants';
import type { Weight, WeightFormat } from './weight';

const DEFAULT: Record<Orientation, GemmVariant> = {
  forward: { kind: 'register', lanes: 32, rows: 8, width: 2 },
  inputGrad: { kind: 'register', lanes: 32, rows: 4, width: 2 },
  weightGrad: { kind: 'register', lanes: 32, rows: 4, width: 2 },
};

interface Options {
  readonly rows?: number;
  readonly alpha?: number;
  readonly accumulate?: boolean;
}

/**
 * Products with a weight W (K, N) in any format, in the three orientations of training. Prepared for f32; call `prepare(format)`
 * before using another. reference/gemm.ts has the plain loops.
 */
export async function gemm(gpu: Gpu) {
  const kernels = new Map<string, GemmKernel>();
  const weightGradKernel = await gemmKernel(gpu, 'weightGrad', 'f32', DEFAULT.weightGrad);

  async function prepare(format: WeightFormat): Promise<void> {
    for (const orientation of ['forward', 'inputGrad'] as const) {
      kernels.set(`${orientation} ${format}`, await gemmKernel(gpu, orientation, format, DEFAULT[orientation]));
    }
  }
  await prepare('f32');

  function kernelFor(orientation: Orientation, { label, format }: Weight): GemmKernel {
    const kernel = kernels.get(`${orientation} ${format}`);
    if (!kernel) throw new Error(`gemm: call prepare('${format}') before using ${label}`);
    return kernel;
  }

  return {
    /** Compiles the kernels for weights of a format. */
    prepare,

    /** y (M, N) = alpha · x (M, K) · W, or added to y. Reads and writes the first `rows` rows. */
    forward(
      to: Recorder,
      { x, y }: Record<'x' | 'y', Tensor>,
      weight: Weight,
      { rows, alpha = 1, accumulate = false }: Options = {},
    ) {
      const { M } = operands(weight, { x: 'M K', y: 'M N' }, { x, y });
      const kernel = kernelFor('forward', weight);
      for (const shard of weight.shards) {
        kernel(to, x, y, { rows: rows ?? M, K: weight.K, N: weight.N, shard, alpha, accumulate });
      }
    },

    /** dx (M, K) = alpha · dy (M, N) · Wᵀ, or added to dx. */
    inputGrad(
      to: Recorder,
      { dy, dx }: Record<'dy' | 'dx', Tensor>,
      weight: Weight,
      { rows, alpha = 1, accumulate = false }: Options = {},
    ) {
      const { M } = operands(weight, { dy: 'M N', dx: 'M K' }, { dy, dx });
      const kernel = kernelFor('inputGrad', weight);
      weight.shards.forEach((shard, i) => {
        kernel(to, dy, dx, {
          rows: rows ?? M,
          K: weight.K,
          N: weight.N,
          shard,
          alpha,
          accumulate: accumulate || i > 0,
        });
      });
    },

    /** Adds alpha · xᵀ · dy to dweight (K, N), which is f32. x (M, K), dy (M, N). */
    weightGrad(
      to: Recorder,
      { x, dy }: Record<'x' | 'dy', Tensor>,
      dweight: Weight,
      { rows, alpha = 1 }: Omit<Options, 'accumulate'> = {},
    ) {
      const { M } = operands(dweight, { x: 'M K', dy: 'M N' }, { x, dy });
      if (dweight.format !== 'f32')
        throw new Error(`gemm: the gradient ${dweight.label} is ${dweight.format}, not f32`);
      for (const shard of dweight.shards) {
        weightGradKernel(to, x, dy, { rows: rows ?? M, K: dweight.K, N: dweight.N, shard, alpha, accumulate: true });
      }
    },
  };
}

/** Binds M, K, N of two operands and rejects a weight of another size. */
function operands<A extends string>({ label, K, N }: Weight, spec: Record<A, string>, tensors: Record<A, Tensor>) {
  const size = dims(spec, tensors);
  if (size.K !== K || size.N !== N) {
    throw new Error(`gemm: ${label} is (${K}, ${N}), but its operands have K ${size.K} and N ${size.N}`);
  }
  return { M: size.M! };
}
