/**
 * How large a run's buffers are. Made from a Recipe by plan.ts; everything on the GPU follows from it and the
 * ModelConfig.
 */
export interface Sizes {
  /** Longest sequence of tokens that is generated, graded or trained on. */
  readonly sequence: number;
  /** Rows of one prefill pass. */
  readonly prefillRows: number;
  /** Sequences that decode together. */
  readonly slots: number;
  /** Blocks of the KV cache, of 16 tokens each. */
  readonly cacheBlocks: number;
  /** Rows of one packed micro-batch; at least `sequence`. */
  readonly batchRows: number;
  /** Rows of logits held at once in the update; a multiple of 64. */
  readonly headRows: number;
}

/** Tokens per block of the KV cache. */
export const BLOCK = 16;

/** Rows that a decoding step's fused products serve: above, the tiled products win. */
export const FUSED_ROWS = 64;
