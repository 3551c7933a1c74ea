import type { ModelConfig } from '../domain/model';
import type { Activation } from '../families/layer';
import type { Gpu } from '../gpu/gpu';
import { adamw } from '../kernels/adamw';
import { type AttentionVariant, attention } from '../kernels/attention';
import { bias } from '../kernels/bias';
import { embedding } from '../kernels/embedding';
import { gather } from '../kernels/gather';
import { geglu } from '../kernels/geglu';
import { gemm } from '../kernels/gemm/gemm';
import type { GemmTable } from '../kernels/gemm/gemmVariants';
import { gradNorm } from '../kernels/gradNorm';
import { grpoLoss } from '../kernels/grpoLoss';
import { logprob } from '../kernels/logprob';
import { type PagedVariant, pagedAttention } from '../kernels/pagedAttention';
import { residual } from '../kernels/residual';
import { rmsNorm } from '../kernels/rmsNorm';
import { rope } from '../kernels/rope';
import { sequenceRatio } from '../kernels/sequenceRatio';
import { swiglu } from '../kernels/swiglu';
import type { WeightFormat } from '../kernels/weights/weight';

/** Kernels to use in place of those that suit the adapter. Only speed and the order of sums depend on them. */
export interface KernelVariants {
  readonly gemm?: GemmTable;
  readonly attention?: AttentionVariant;
  readonly paged?: PagedVariant;
  /** Decoding steps in few dispatches, or call by call as prefills are. */
  readonly decode?: 'fused' | 'plain';
}

/** Every kernel that a model of this shape needs, compiled in parallel and before the first step. */
export async function compileOps(
  gpu: Gpu,
  config: ModelConfig,
  formats: readonly WeightFormat[],
  variants: KernelVariants = {},
) {
  const { headSize, heads, keyValueHeads } = config;
  const [
    gemmOp,
    embeddingOp,
    normOp,
    ropeOp,
    biasOp,
    attentionOp,
    pagedOp,
    swigluOp,
    gegluOp,
    residualOp,
    gatherOp,
    logprobOp,
    sequenceRatioOp,
    lossOp,
    gradNormOp,
    adamwOp,
  ] = await Promise.all([
    gemm(gpu, { table: variants.gemm }),
    embedding(gpu),
    rmsNorm(gpu),
    rope(gpu),
    bias(gpu),
    attention(gpu, { headSize, variant: variants.attention }),
    pagedAttention(gpu, { headSize, sharedHeads: heads / keyValueHeads, variant: variants.paged }),
    swiglu(gpu),
    geglu(gpu),
    residual(gpu),
    gather(gpu),
    logprob(gpu),
    sequenceRatio(gpu),
    grpoLoss(gpu),
    gradNorm(gpu),
    adamw(gpu),
  ]);
  await Promise.all(formats.map((format) => gemmOp.prepare(format)));
  return {
    gemm: gemmOp,
    embedding: embeddingOp,
    norm: normOp,
    rope: ropeOp,
    bias: biasOp,
    attention: attentionOp,
    paged: pagedOp,
    glu: { silu: swigluOp, gelu: gegluOp } satisfies Record<Activation, typeof swigluOp>,
    residual: residualOp,
    gather: gatherOp,
    logprob: logprobOp,
    sequenceRatio: sequenceRatioOp,
    loss: lossOp,
    gradNorm: gradNormOp,
    adamw: adamwOp,
  };
}

export type Ops = Awaited<ReturnType<typeof compileOps>>;
