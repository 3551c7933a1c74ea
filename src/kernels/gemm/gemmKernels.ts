import forwardRegisterWgsl from '../../../shaders/gemm/gemm.forward.register.wgsl?raw';
import forwardSplitWgsl from '../../../shaders/gemm/gemm.forward.split.wgsl?raw';
import forwardSubgroupWgsl from '../../../shaders/gemm/gemm.forward.subgroup.wgsl?raw';
import forwardWorkgroupWgsl from '../../../shaders/gemm/gemm.forward.workgroup.wgsl?raw';
import inputGradRegisterWgsl from '../../../shaders/gemm/gemm.inputGrad.register.wgsl?raw';
import inputGradSubgroupWgsl from '../../../shaders/gemm/gemm.inputGrad.subgroup.wgsl?raw';
import inputGradWorkgroupWgsl from '../../../shaders/gemm/gemm.inputGrad.workgroup.wgsl?raw';
import weightGradRegisterWgsl from '../../../shaders/gemm/gemm.weightGrad.register.wgsl?raw';
import weightGradSubgroupWgsl from '../../../shaders/gemm/gemm.weightGrad.subgroup.wgsl?raw';
import weightGradWorkgroupWgsl from '../../../shaders/gemm/gemm.weightGrad.workgroup.wgsl?raw';
import forwardOperands from '../../../shaders/lib/gemm.forward.wgsl?raw';
import inputGradOperands from '../../../shaders/lib/gemm.inputGrad.wgsl?raw';
import weightGradOperands from '../../../shaders/lib/gemm.weightGrad.wgsl?raw';
import activationFour from '../../../shaders/lib/weights/activation.four.wgsl?raw';
import activationOne from '../../../shaders/lib/weights/activation.one.wgsl?raw';
import bf16Wgsl from '../../../shaders/lib/weights/weight.bf16.wgsl?raw';
import f16Wgsl from '../../../shaders/lib/weights/weight.f16.wgsl?raw';
import f32Wgsl from '../../../shaders/lib/weights/weight.f32.wgsl?raw';
import q4Wgsl from '../../../shaders/lib/weights/weight.q4.wgsl?raw';
import q8Wgsl from '../../../shaders/lib/weights/weight.q8.wgsl?raw';
import type { Gpu } from '../../gpu/gpu';
import { compile } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import type { Tensor } from '../../gpu/tensor';
import { VALUES_PER_WORD, type WeightFormat, type WeightShard } from '../weights/weight';
import { isQuantised } from '../weights/weightLayout';
import type { GemmVariant, Orientation } from './gemmVariants';

const WEIGHT_WGSL = { f32: f32Wgsl, bf16: bf16Wgsl, f16: f16Wgsl, q8: q8Wgsl, q4: q4Wgsl } as const;

const WGSL: Record<Orientation, Partial<Record<GemmVariant['kind'], string>>> = {
  forward: {
    register: forwardRegisterWgsl,
    subgroup: forwardSubgroupWgsl,
    workgroup: forwardWorkgroupWgsl,
    split: forwardSplitWgsl,
  },
  inputGrad: { register: inputGradRegisterWgsl, subgroup: inputGradSubgroupWgsl, workgroup: inputGradWorkgroupWgsl },
  weightGrad: {
    register: weightGradRegisterWgsl,
    subgroup: weightGradSubgroupWgsl,
    workgroup: weightGradWorkgroupWgsl,
  },
};

/** What the variants of an orientation share. */
const OPERANDS: Record<Orientation, string> = {
  forward: forwardOperands,
  inputGrad: inputGradOperands,
  weightGrad: weightGradOperands,
};

/** What one dispatch works on: `rows` rows of activations against one shard. */
export interface GemmCall {
  readonly rows: number;
  readonly K: number;
  readonly N: number;
  readonly shard: WeightShard;
  readonly alpha: number;
  readonly accumulate: boolean;
}

/** Records one dispatch. forward: x → y, inputGrad: dy → dx, weightGrad: x and dy → the shard's words. */
export type GemmKernel = (to: Recorder, first: Tensor, second: Tensor, call: GemmCall) => void;

const PARAMS = { M: 'u32', K: 'u32', N: 'u32', start: 'u32', count: 'u32', quads: 'u32' } as const;

const quadsOf = ({ shard }: GemmCall): number => shard.words.shape[1]! / 4;

const paramsOf = (call: GemmCall) => ({
  M: call.rows,
  K: call.K,
  N: call.N,
  start: call.shard.start,
  count: call.shard.count,
  quads: quadsOf(call),
  accumulate: Number(call.accumulate),
  alpha: call.alpha,
});

const costOf = ({ rows, K, shard }: GemmCall) => (rows * K * shard.count) / 2 ** 20;
const over = (a: number, b: number) => Math.ceil(a / b);

/** Rows and width units (vec4 columns, words or channels) that one workgroup covers. */
function tileOf({ kind, lanes, across, rows, width, groups = 1 }: GemmVariant): { rows: number; width: number } {
  switch (kind) {
    case 'register':
      return { rows: rows * (lanes / across), width: width * across };
    case 'subgroup':
      return { rows, width: width * lanes };
    case 'workgroup':
      return { rows: rows * 16, width: width * 16 };
    case 'split':
      return { rows: rows * groups, width: across };
  }
}

/**
 * The kernel of a variant for weights of a format (weightGrad: f32). Compiled once per device. Throws GpuError where
 * the adapter cannot compile it.
 */
export async function gemmKernel(
  gpu: Gpu,
  orientation: Orientation,
  format: WeightFormat,
  variant: GemmVariant,
): Promise<GemmKernel> {
  const { kind, lanes, across, rows, width, depth, groups } = variant;
  const source = WGSL[orientation][kind];
  if (!source) throw new Error(`gemm: there is no ${kind} kernel for ${orientation}`);
  const tile = tileOf(variant);
  const label = `gemm.${orientation}.${kind}.${format}`;
  const enable = kind === 'subgroup' ? ['subgroups'] : [];
  const activation = kind === 'workgroup' || kind === 'split' ? activationFour : activationOne;
  const constants = {
    LANES: lanes,
    ACROSS: across,
    ROWS: rows,
    ...(depth && { DEPTH: depth }),
    ...(groups && { GROUPS: groups }),
  };
  if (orientation === 'weightGrad') {
    const kernel = await compile(gpu, {
      label,
      enable,
      source: [activation, OPERANDS[orientation], source],
      bindings: { x: 'read', dy: 'read', dweight: 'accumulate' },
      params: { ...PARAMS, alpha: 'f32' },
      constants: { ...constants, QUADS: width },
    });
    return (to, x, dy, call) => {
      const workgroups = [over(quadsOf(call), tile.width), over(call.K, tile.rows)] as const;
      kernel.record(to, { x, dy, dweight: call.shard.words }, paramsOf(call), workgroups, costOf(call));
    };
  }
  const [input, output] = orientation === 'forward' ? (['x', 'y'] as const) : (['dy', 'dx'] as const);
  const kernel = await compile(gpu, {
    label,
    enable,
    source: [WEIGHT_WGSL[format], activation, OPERANDS[orientation], source],
    bindings: {
      [input]: 'read',
      [output]: 'accumulate',
      words: 'read',
      ...(isQuantised(format) && { scales: 'read' }),
    },
    params: { ...PARAMS, accumulate: 'u32', alpha: 'f32' },
    constants: {
      ...constants,
      [orientation === 'forward' ? 'QUADS' : kind === 'workgroup' ? 'FOURS' : 'WORDS']: width,
    },
  });
  const channels = kind === 'workgroup' ? 4 : VALUES_PER_WORD[format]; // of inputGrad, per unit of width
  return (to, from, into, call) => {
    const { words, scales } = call.shard;
    const units = orientation === 'forward' ? quadsOf(call) : over(call.K, channels);
    const tensors: Record<string, Tensor> = { [input]: from, [output]: into, words, ...(scales && { scales }) };
    const workgroups = [over(units, tile.width), over(call.rows, tile.rows)] as const;
    kernel.record(to, tensors, paramsOf(call), workgroups, costOf(call));
  };
}
