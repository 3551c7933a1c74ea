import type { ModelConfig } from '../domain/model';
import type { Trainable } from '../domain/recipe/trainable';
import { layersOf, windowsOf } from '../families/families';
import { hasHeadNorms, hasOutputNorms } from '../families/tensors';
import type { Layout, TensorSpec, Tensors } from '../gpu/arena';
import { BLOCK, FUSED_ROWS, type Sizes } from './sizes';

const u32 = 'u32' as const;

/** Buffers of generation: one prefill pass or one decoding step, and the KV cache of every layer. */
export function rolloutLayout(config: ModelConfig, trainable: Trainable, sizes: Sizes) {
  const { channels: C, heads: H, keyValueHeads: K, headSize: D, hidden: F, vocabulary: V, layers } = config;
  const N = Math.max(sizes.prefillRows, sizes.slots);
  const cache: Record<string, TensorSpec> = {};
  for (let layer = 0; layer < layers; layer++) {
    cache[`key ${layer}`] = { shape: [sizes.cacheBlocks, BLOCK, K, D] };
    cache[`value ${layer}`] = { shape: [sizes.cacheBlocks, BLOCK, K, D] };
  }
  return {
    rowToken: { shape: [N], type: u32 },
    rowSlot: { shape: [N], type: u32 },
    rowPosition: { shape: [N], type: u32 },
    blockTable: { shape: [sizes.slots, Math.ceil(sizes.sequence / BLOCK) + 1], type: u32 },
    logitRow: { shape: [sizes.slots], type: u32 },
    x: { shape: [N, C] },
    h: { shape: [N, C] },
    rstd: { shape: [N] },
    q: { shape: [N, H, D] },
    k: { shape: [N, K, D] },
    v: { shape: [N, K, D] },
    ...(hasHeadNorms(config)
      ? { qRaw: { shape: [N, H, D] }, kRaw: { shape: [N, K, D] }, headRstd: { shape: [N * H] } }
      : {}),
    qkv: { shape: [Math.min(sizes.slots, FUSED_ROWS), (H + 2 * K) * D] },
    o: { shape: [N, H, D] },
    gate: { shape: [N, F] },
    up: { shape: [N, F] },
    act: { shape: [N, F] },
    ...(trainable.kind === 'lora' ? { t: { shape: [N, trainable.rank] } } : {}),
    hidden: { shape: [N, C] },
    logitHidden: { shape: [sizes.slots, C] },
    logits: { shape: [sizes.slots, V] },
    ...cache,
  } satisfies Layout;
}

export type RolloutTensors = Tensors<ReturnType<typeof rolloutLayout>>;

/** Buffers of the update: every layer's input is kept, one layer at a time is recomputed and differentiated. */
export function updateLayout(config: ModelConfig, trainable: Trainable, sizes: Sizes) {
  const { channels: C, heads: H, keyValueHeads: K, headSize: D, hidden: F, vocabulary: V, layers } = config;
  const N = sizes.batchRows;
  const row = (n: number) => ({ shape: [n] });
  const checkpoints: Record<string, TensorSpec> = {};
  for (let layer = 0; layer <= layers; layer++) checkpoints[`x ${layer}`] = { shape: [N, C] };
  // Of each window: the first row that a row attends to, and one past the last that attends to it.
  const windows: Record<string, TensorSpec> = {};
  for (const window of windowsOf(layersOf(config))) {
    windows[`start ${window}`] = { shape: [N], type: u32 };
    windows[`end ${window}`] = { shape: [N], type: u32 };
  }
  const adapter: Record<string, TensorSpec> = {};
  if (trainable.kind === 'lora') {
    for (const target of trainable.targets) adapter[`t ${target}`] = { shape: [N, trainable.rank] };
    adapter.dt = { shape: [N, trainable.rank] };
  }
  return {
    token: { shape: [N], type: u32 },
    position: { shape: [N], type: u32 },
    start: { shape: [N], type: u32 },
    end: { shape: [N], type: u32 },
    ...windows,
    ...checkpoints,
    h: { shape: [N, C] },
    hRstd: row(N),
    q: { shape: [N, H, D] },
    k: { shape: [N, K, D] },
    v: { shape: [N, K, D] },
    ...(hasHeadNorms(config)
      ? {
          qRaw: { shape: [N, H, D] },
          kRaw: { shape: [N, K, D] },
          qRstd: row(N * H),
          kRstd: row(N * K),
          dqRaw: { shape: [N, H, D] },
          dkRaw: { shape: [N, K, D] },
        }
      : {}),
    o: { shape: [N, H, D] },
    lse: { shape: [N, H] },
    mid: { shape: [N, C] },
    ...(hasOutputNorms(config)
      ? {
          attentionRaw: { shape: [N, C] },
          attentionRstd: row(N),
          feedForwardRaw: { shape: [N, C] },
          feedForwardRstd: row(N),
          dBranch: { shape: [N, C] },
        }
      : {}),
    h2: { shape: [N, C] },
    h2Rstd: row(N),
    gate: { shape: [N, F] },
    up: { shape: [N, F] },
    act: { shape: [N, F] },
    ...adapter,
    dx: { shape: [N, C] },
    dh: { shape: [N, C] },
    dO: { shape: [N, H, D] },
    delta: { shape: [N, H] },
    dq: { shape: [N, H, D] },
    dk: { shape: [N, K, D] },
    dv: { shape: [N, K, D] },
    dgate: { shape: [N, F] },
    dup: { shape: [N, F] },
    dact: { shape: [N, F] },
    hidden: { shape: [N, C] },
    hiddenRstd: row(N),
    dHidden: { shape: [N, C] },
    // The loss rows, padded to whole chunks of the head.
    lossRow: { shape: [lossRows(sizes)], type: u32 },
    target: { shape: [lossRows(sizes)], type: u32 },
    weight: row(lossRows(sizes)),
    advantage: row(lossRows(sizes)),
    oldLogprob: row(lossRows(sizes)),
    answerStart: { shape: [lossRows(sizes) + 1], type: u32 },
    sequenceLogRatio: row(lossRows(sizes)),
    referenceLogprob: row(lossRows(sizes)),
    logprob: row(lossRows(sizes)),
    rowLse: row(lossRows(sizes)),
    entropy: row(lossRows(sizes)),
    coefficient: row(lossRows(sizes)),
    stats: { shape: [lossRows(sizes), 4] },
    headHidden: { shape: [sizes.headRows, C] },
    dHeadHidden: { shape: [sizes.headRows, C] },
    logits: { shape: [sizes.headRows, V] },
  } satisfies Layout;
}

/** Rows reserved for loss rows: every row of a batch may be one. */
export const lossRows = ({ batchRows, headRows }: Sizes): number => Math.ceil(batchRows / headRows) * headRows;
