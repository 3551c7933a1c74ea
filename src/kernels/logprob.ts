import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import rowSoftmaxWgsl from '../../shaders/lib/rowSoftmax.wgsl?raw';
import backwardWgsl from '../../shaders/logprob.backward.wgsl?raw';
import candidatesWgsl from '../../shaders/logprob.candidates.wgsl?raw';
import forwardWgsl from '../../shaders/logprob.forward.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { reduction } from './reduction';

/**
 * Lanes that share a row of the vocabulary. A software adapter runs them on one core, where more of them only add
 * barriers.
 */
export const vocabularyWorkgroup = (gpu: Gpu): number => (gpu.facts.software ? 8 : 256);

/** About 2^20 elements of V logits cost as much as that many multiply-adds times this. */
const EXP_COST = 8;

/**
 * Log-probability of a target token, entropy and gradient for rows of V logits, which the backward turns into their own
 * gradient in place. reference/logprob.ts has the plain loops.
 */
export async function logprob(gpu: Gpu) {
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, vocabularyWorkgroup(gpu));
  const forward = await compile(gpu, {
    label: 'logprob.forward',
    source: [reduceWgsl, gridWgsl, rowSoftmaxWgsl, forwardWgsl],
    bindings: { logits: 'read', target_token: 'read', logprob: 'write', lse: 'write', entropy: 'write' },
    params: { M: 'u32', V: 'u32', inverse_temperature: 'f32' },
    ...settings,
  });
  const backward = await compile(gpu, {
    label: 'logprob.backward',
    source: [reduceWgsl, gridWgsl, backwardWgsl],
    bindings: {
      logits: 'update',
      target_token: 'read',
      lse: 'read',
      coefficient: 'read',
      entropy: 'read',
      weight: 'read',
    },
    params: { M: 'u32', V: 'u32', inverse_temperature: 'f32', bonus: 'f32' },
    ...settings,
  });
  const candidates = await compile(gpu, {
    label: 'logprob.candidates',
    source: [reduceWgsl, gridWgsl, rowSoftmaxWgsl, candidatesWgsl],
    bindings: { logits: 'read', candidate: 'read', logprob: 'write' },
    params: { M: 'u32', V: 'u32', Q: 'u32' },
    ...settings,
  });
  const cost = (rows: number, V: number) => (EXP_COST * rows * V) / 2 ** 20;

  return {
    /** logits (M, V), target (M) u32 → logprob, lse, entropy (M), all of logits / temperature. The logits stay. */
    forward(
      to: Recorder,
      t: Record<'logits' | 'target' | 'logprob' | 'lse' | 'entropy', Tensor>,
      { rows, temperature }: { rows?: number; temperature: number },
    ) {
      const { M, V } = dims({ logits: 'M V', target: 'M', logprob: 'M', lse: 'M', entropy: 'M' }, t);
      const n = rows ?? M!;
      const params = { M: n, V: V!, inverse_temperature: 1 / temperature };
      forward.record(to, { ...t, target_token: t.target }, params, grid(n), cost(n, V!));
    },
    /**
     * logits (M, V) → their gradient, in place; coefficient (M) is dloss / dlogprob, lse and entropy are forward's.
     * `bonus` times the entropy of each row is taken from the loss, but for rows of weight 0.
     */
    backward(
      to: Recorder,
      t: Record<'logits' | 'target' | 'lse' | 'coefficient' | 'entropy' | 'weight', Tensor>,
      { rows, temperature, bonus = 0 }: { rows?: number; temperature: number; bonus?: number },
    ) {
      const spec = { logits: 'M V', target: 'M', lse: 'M', coefficient: 'M', entropy: 'M', weight: 'M' } as const;
      const { M, V } = dims(spec, t);
      const n = rows ?? M!;
      const params = { M: n, V: V!, inverse_temperature: 1 / temperature, bonus };
      backward.record(to, { ...t, target_token: t.target }, params, grid(n), cost(n, V!));
    },
    /** logits (M, V), candidate (Q) u32 → logprob (M, Q) at temperature 1. */
    candidates(to: Recorder, t: Record<'logits' | 'candidate' | 'logprob', Tensor>, { rows }: { rows?: number } = {}) {
      const { M, V, Q } = dims({ logits: 'M V', candidate: 'Q', logprob: 'M Q' }, t);
      const n = rows ?? M!;
      candidates.record(to, t, { M: n, V: V!, Q: Q! }, grid(n), cost(n, V!));
    },
  };
}
