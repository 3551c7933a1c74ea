import forwardRegisterWgsl from '../../shaders/gemm.forward.register.wgsl?raw';
import inputGradRegisterWgsl from '../../shaders/gemm.inputGrad.register.wgsl?raw';
import weightGradRegisterWgsl from '../../shaders/gemm.weightGrad.register.wgsl?raw';
import bf16Wgsl from '../../shaders/lib/weight.bf16.wgsl?raw';
import f16Wgsl from '../../shaders/lib/weight.f16.wgsl?raw';
import f32Wgsl from '../../shaders/lib/weight.f32.wgsl?raw';
import q4Wgsl from '../../shaders/lib/weight.q4.wgsl?raw';
import q8Wgsl from '../../shaders/lib/weight.q8.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import { VALUES_PER_WORD, type WeightFormat, type WeightShard } from './weight';
import { isQuantised } from './weightLayout';

export type Orientation = 'forward' | 'inputGrad' | 'weightGrad';

/**
 * A hand-written kernel and its sizes, as plain data.
 * register: each thread holds a tile in registers, rows × (4 · width columns, or width words of channels in inputGrad).
 */
export interface GemmVariant {
  readonly kind: 'register';
  /** Threads of a workgroup. */
  readonly lanes: number;
  readonly rows: number;
  readonly width: number;
}

const WEIGHT_WGSL = { f32: f32Wgsl, bf16: bf16Wgsl, f16: f16Wgsl, q8: q8Wgsl, q4: q4Wgsl } as const;

/** What one dispatch works on: `rows` of activations against one shard. */
export interface GemmCall {
  readonly rows: number;
  readonly K: number;
  readonly N: number;
  readonly shard: WeightShard;
  readonly alpha: number;
  readonly accumulate: boolean;
}

/** Records one dispatch from `input` to `output`; in weightGrad x and dy are the inputs and the shard's words the output. */
export type GemmKernel = (to: Recorder, first: Tensor, second: Tensor, call: GemmCall) => void;

const PARAMS = { M: 'u32', K: 'u32', N: 'u32', start: 'u32', count: 'u32', quads: 'u32' } as const;

const paramsOf = ({ rows, K, N, shard, alpha, accumulate }: GemmCall) => ({
  M: rows,
  K,
  N,
  start: shard.start,
  count: shard.count,
  quads: shard.words.shape[1]! / 4,
  accumulate: Number(accumulate),
  alpha,
});

const costOf = ({ rows, K, shard }: GemmCall) => (rows * K * shard.count) / 2 ** 20;
const over = (a: number, b: number) => Math.ceil(a / b);

/** The kernel of a variant for a weight format (weightGrad: f32). Compiled once per device. */
export async function gemmKernel(
  gpu: Gpu,
  orientation: Orientation,
  format: WeightFormat,
  { kind, lanes, rows, width }: GemmVariant,
): Promise<GemmKernel> {
  const label = `gemm.${orientation}.${kind}`;
  if (orientation === 'weightGrad') {
    const kernel = await compile(gpu, {
      label,
      source: [weightGradRegisterWgsl],
      bindings: { x: 'read', dy: 'read', dweight: 'accumulate' },
      params: { ...PARAMS, alpha: 'f32' },
      constants: { LANES: lanes, ROWS: rows, QUADS: width },
    });
    return (to, x, dy, call) => {
      const workgroups = [over(strideQuads(call), lanes * width), over(call.K, rows)] as const;
      kernel.record(to, { x, dy, dweight: call.shard.words }, paramsOf(call), workgroups, costOf(call));
    };
  }
  const [source, input, output] =
    orientation === 'forward'
      ? ([forwardRegisterWgsl, 'x', 'y'] as const)
      : ([inputGradRegisterWgsl, 'dy', 'dx'] as const);
  const kernel = await compile(gpu, {
    label: `${label}.${format}`,
    source: [WEIGHT_WGSL[format], source],
    bindings: {
      [input]: 'read',
      [output]: 'accumulate',
      words: 'read',
      ...(isQuantised(format) && { scales: 'read' }),
    },
    params: { ...PARAMS, accumulate: 'u32', alpha: 'f32' },
    constants: { LANES: lanes, ROWS: rows, ...(orientation === 'forward' ? { QUADS: width } : { WORDS: width }) },
  });
  return (to, from, into, call) => {
    const { words, scales } = call.shard;
    const across =
      orientation === 'forward'
        ? over(strideQuads(call), lanes * width)
        : over(call.K, lanes * width * VALUES_PER_WORD[format]);
    const tensors: Record<string, Tensor> = { [input]: from, [output]: into, words, ...(scales && { scales }) };
    kernel.record(to, tensors, paramsOf(call), [across, over(call.rows, rows)], costOf(call));
  };
}

const strideQuads = ({ shard }: GemmCall): number => shard.words.shape[1]! / 4;
