import type { ModelConfig, Projection } from '../domain/model';
import type { Rope } from './rope';

/**
 * The norms of a layer by what they normalise: the input of attention, the input of the feed-forward, each query and
 * key head before RoPE, where the model has that, and what attention and feed-forward add to the residual stream.
 */
export interface LayerNorms<T> {
  readonly attention: T;
  readonly feedForward: T;
  readonly query?: T;
  readonly key?: T;
  readonly attentionOutput?: T;
  readonly feedForwardOutput?: T;
}
export type NormPlace = keyof LayerNorms<unknown>;

/** What the gate of the feed-forward goes through, gelu by its tanh approximation: act(x · W_gate) ⊙ (x · W_up). */
export type Activation = 'silu' | 'gelu';

/**
 * What one layer computes. network, decoder, transformer and the reference read it and never ask for the family. The
 * types hold what the kernels have: a family that needs more widens them, and the compiler names the places to extend.
 */
export interface LayerDescription {
  /** Names within the layer, as in Hugging Face checkpoints: `input_layernorm`, `self_attn.q_norm`. */
  readonly norms: LayerNorms<string>;
  /** The projections that add a bias. */
  readonly biases: readonly Projection[];
  readonly activation: Activation;
  /** Null where positions are not encoded. */
  readonly rope: Rope | null;
  /** Tokens that a position attends to, itself included; null where it attends to all before it. */
  readonly window: number | null;
  /** Factor of the products of queries and keys. */
  readonly attentionScale: number;
}

/** Pre-norm, RoPE over whole heads, causal attention, SwiGLU: what the families have in common. */
export const preNormLayer = ({ ropeTheta, ropeScaling, window, headSize }: ModelConfig): LayerDescription => ({
  norms: { attention: 'input_layernorm', feedForward: 'post_attention_layernorm' },
  biases: [],
  activation: 'silu',
  rope: { theta: ropeTheta, ...(ropeScaling && { scaling: ropeScaling }) },
  window: window ?? null,
  attentionScale: 1 / Math.sqrt(headSize),
});

export const normEntries = <T>(norms: LayerNorms<T>) => Object.entries(norms) as [NormPlace, T][];

export const mapNorms = <A, B>(norms: LayerNorms<A>, change: (norm: A, place: NormPlace) => B) =>
  Object.fromEntries(
    normEntries(norms).map(([place, norm]) => [place, change(norm, place)]),
  ) as unknown as LayerNorms<B>;
