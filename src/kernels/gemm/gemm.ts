import type { Gpu } from '../../gpu/gpu';
import type { Recorder } from '../../gpu/recorder';
import { dims, type Tensor } from '../../gpu/tensor';
import type { Weight, WeightFormat } from '../weights/weight';
import { type GemmKernel, gemmKernel } from './gemmKernels';
import { chooseVariant, type GemmTable, type GemmVariant, type Orientation, tableFor } from './gemmVariants';

interface Options {
  readonly rows?: number;
  readonly alpha?: number;
  readonly accumulate?: boolean;
}

/**
 * Products with a weight W (K, N) in any format, in the three orientations of training. Prepared for f32; call
 * `prepare(format)` before using another. Which kernel serves which size is the table's business (gemmVariants.ts,
 * gemmTuner.ts), and so is whether a row's bits depend on how many rows go with it. reference/gemm.ts has the plain
 * loops.
 */
export async function gemm(gpu: Gpu, { table = tableFor(gpu) }: { table?: GemmTable } = {}) {
  const kernels = new Map<string, GemmKernel>();
  const nameOf = (orientation: Orientation, format: WeightFormat, variant: GemmVariant) =>
    `${orientation} ${format} ${Object.values(variant).join(' ')}`;

  async function prepare(format: WeightFormat): Promise<void> {
    const matching = table.filter(({ formats }) => formats.includes(format));
    await Promise.all(
      matching.map(async ({ orientation, variant }) => {
        const name = nameOf(orientation, format, variant);
        if (!kernels.has(name)) kernels.set(name, await gemmKernel(gpu, orientation, format, variant));
      }),
    );
  }
  await prepare('f32');

  function kernelFor(orientation: Orientation, { label, format }: Weight, rows: number, columns: number): GemmKernel {
    const variant = chooseVariant(table, { orientation, format, rows, columns });
    const kernel = kernels.get(nameOf(orientation, format, variant));
    if (!kernel) throw new Error(`gemm: call prepare('${format}') before using ${label}`);
    return kernel;
  }

  return {
    /** Compiles the kernels for weights of a format. */
    prepare,

    /** y (M, N) = alpha · x (M, K) · W, or added to y. Reads and writes the first `rows` rows. */
    forward(to: Recorder, { x, y }: Record<'x' | 'y', Tensor>, weight: Weight, options: Options = {}) {
      const { M } = operands(weight, { x: 'M K', y: 'M N' }, { x, y });
      const { rows = M, alpha = 1, accumulate = false } = options;
      const { K, N, shards } = weight;
      const kernel = kernelFor('forward', weight, rows, N);
      for (const shard of shards) kernel(to, x, y, { rows, K, N, shard, alpha, accumulate });
    },

    /** dx (M, K) = alpha · dy (M, N) · Wᵀ, or added to dx. */
    inputGrad(to: Recorder, { dy, dx }: Record<'dy' | 'dx', Tensor>, weight: Weight, options: Options = {}) {
      const { M } = operands(weight, { dy: 'M N', dx: 'M K' }, { dy, dx });
      const { rows = M, alpha = 1, accumulate = false } = options;
      const { K, N, shards } = weight;
      const kernel = kernelFor('inputGrad', weight, rows, K);
      shards.forEach((shard, i) => {
        kernel(to, dy, dx, { rows, K, N, shard, alpha, accumulate: accumulate || i > 0 });
      });
    },

    /** Adds alpha · xᵀ · dy to dweight (K, N), which is f32. x (M, K), dy (M, N). */
    weightGrad(
      to: Recorder,
      { x, dy }: Record<'x' | 'dy', Tensor>,
      dweight: Weight,
      options: Omit<Options, 'accumulate'> = {},
    ) {
      const { M } = operands(dweight, { x: 'M K', dy: 'M N' }, { x, dy });
      const { rows = M, alpha = 1 } = options;
      const { label, format, K, N, shards } = dweight;
      if (format !== 'f32') throw new Error(`gemm: the gradient ${label} is ${format}, not f32`);
      const kernel = kernelFor('weightGrad', dweight, rows, N);
      for (const shard of shards) kernel(to, x, dy, { rows, K, N, shard, alpha, accumulate: true });
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
