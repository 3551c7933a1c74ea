import type { AdapterFacts } from '../../gpu/device';
import type { Gpu } from '../../gpu/gpu';
import { type Pipeline, sourceGpu } from '../../gpu/test/sourceGpu';
import { adamw } from '../adamw';
import { advance } from '../advance';
import { attention } from '../attention';
import { bias } from '../bias';
import { decodeKeys } from '../decode/keys';
import { decodeProduct } from '../decode/product';
import { embedding } from '../embedding';
import { gather } from '../gather';
import { geglu } from '../geglu';
import { gemm } from '../gemm/gemm';
import { gemmKernel } from '../gemm/gemmKernels';
import { builtIn } from '../gemm/gemmTuner';
import { ALL_FORMATS } from '../gemm/gemmVariants';
import { gradNorm } from '../gradNorm';
import { grpoLoss } from '../grpoLoss';
import { logprob } from '../logprob';
import { pagedAttention } from '../pagedAttention';
import { residual } from '../residual';
import { rmsNorm } from '../rmsNorm';
import { rope } from '../rope';
import { sample } from '../sample';
import { sequenceRatio } from '../sequenceRatio';
import { swiglu } from '../swiglu';

const base: AdapterFacts = {
  vendor: '',
  architecture: '',
  description: '',
  software: false,
  f16: false,
  subgroups: false,
  subgroupSize: 0,
  timestamps: false,
  maxBufferBytes: 2 ** 30,
  maxBindingBytes: 2 ** 27,
  maxStorageBuffers: 10,
  maxWorkgroupInvocations: 256,
  maxWorkgroupBytes: 16384,
};

/**
 * Adapters that get different kernels: graphics cards, and processors with subgroups of eight (Lavapipe), four
 * (SwiftShader) or none.
 */
const ADAPTERS: readonly AdapterFacts[] = [
  { ...base, subgroups: true, subgroupSize: 32 },
  { ...base, subgroups: true, subgroupSize: 64 },
  { ...base, software: true, subgroups: true, subgroupSize: 8 },
  { ...base, software: true, subgroups: true, subgroupSize: 4 },
  { ...base, software: true },
];

/**
 * Of the models that we know: registers or memory for the sums of a tile, and lanes that do not share a head evenly.
 */
const HEAD_SIZES = [64, 96, 128];

/** Every pipeline that the engine asks of any adapter, with the products that tuning tries. For tests. */
export async function allPipelines(): Promise<Pipeline[]> {
  const found = await Promise.all(
    ADAPTERS.map(async (facts) => {
      const { gpu, pipelines } = sourceGpu(facts);
      await compileAll(gpu);
      if (!facts.software) await compileTried(gpu);
      return pipelines;
    }),
  );
  const distinct = new Map(found.flat().map((pipeline) => [JSON.stringify(pipeline), pipeline]));
  return [...distinct.values()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function compileAll(gpu: Gpu): Promise<void> {
  const products = await gemm(gpu);
  await Promise.all([
    ...ALL_FORMATS.map((format) => products.prepare(format)),
    ...HEAD_SIZES.flatMap((headSize) => [
      attention(gpu, { headSize }),
      pagedAttention(gpu, { headSize, sharedHeads: 2 }),
    ]),
    ...(gpu.facts.software ? [] : [compileDecoding(gpu)]),
    ...[adamw, advance, embedding, gather, gradNorm, grpoLoss, logprob].map((kernel) => kernel(gpu)),
    ...[bias, geglu, residual, rmsNorm, rope, sample, sequenceRatio, swiglu].map((kernel) => kernel(gpu)),
  ]);
}

/** Decoding steps of a model in each of the usual formats, with an adapter and without. */
async function compileDecoding(gpu: Gpu): Promise<void> {
  const tile = { lanes: 256, across: 16 };
  const kinds = [[false, false, 1] as const, [true, true, 2] as const, [true, false, 3] as const];
  await Promise.all([
    ...[false, true].map((normed) => decodeKeys(gpu, { normed })),
    ...kinds.flatMap(([normed, gated, sections]) =>
      [0, 16].flatMap((rank) =>
        (['f32', 'bf16', 'q4'] as const).map((format) =>
          decodeProduct(gpu, { formats: Array(sections).fill(format), normed, rank, gated }, tile),
        ),
      ),
    ),
  ]);
}

async function compileTried(gpu: Gpu): Promise<void> {
  for (const orientation of ['forward', 'inputGrad', 'weightGrad'] as const) {
    for (const format of orientation === 'weightGrad' ? (['f32'] as const) : ALL_FORMATS) {
      for (const few of orientation === 'forward' ? [undefined, 1, 8, 32, 64] : [undefined]) {
        for (const variant of builtIn(gpu, { orientation, format, few })) {
          await gemmKernel(gpu, orientation, format, variant);
        }
      }
    }
  }
}
