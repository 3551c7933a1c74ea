import { z } from 'zod';
import type { RopeScaling } from '../domain/model';
import type { GgufMetadata } from './family';
import { ropeFrequencies, yarnAttentionFactor } from './rope';

export const ropeSchema = z.looseObject({
  rope_theta: z.number().nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  factor: z.number().positive().nullish(),
  original_max_position_embeddings: z.number().positive().nullish(),
  low_freq_factor: z.number().positive().nullish(),
  high_freq_factor: z.number().positive().nullish(),
  beta_fast: z.number().positive().nullish(),
  beta_slow: z.number().positive().nullish(),
  attention_factor: z.number().positive().nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().nullish(),
});
type RopeJson = z.infer<typeof ropeSchema>;

interface ReadScaling {
  readonly scaling?: RopeScaling;
  /** What is not computed here, as a noun. */
  readonly refused?: string;
}

/** `rope_scaling` (transformers 4) or `rope_parameters` (5) of config.json, with the defaults of transformers. */
export function readRopeScaling(rope: RopeJson | null | undefined, contextLength: number): ReadScaling {
  const type = rope?.rope_type ?? rope?.type ?? 'default';
  if (!rope || type === 'default') return {};
  const originalContext = rope.original_max_position_embeddings ?? contextLength;
  if (type === 'linear' && rope.factor) return { scaling: { type, factor: rope.factor } };
  if (type === 'llama3' && rope.factor && rope.low_freq_factor && rope.high_freq_factor) {
    const { factor, low_freq_factor: lowFactor, high_freq_factor: highFactor } = rope;
    return { scaling: { type, factor, lowFactor, highFactor, originalContext } };
  }
  if (type === 'yarn') {
    const factor = rope.factor ?? contextLength / originalContext;
    return {
      scaling: {
        type,
        factor,
        originalContext,
        betaFast: rope.beta_fast ?? 32,
        betaSlow: rope.beta_slow ?? 1,
        attentionFactor: rope.attention_factor ?? ratioOf(factor, rope),
        truncate: rope.truncate ?? true,
      },
    };
  }
  return {
    refused: `RoPE scaling of type ${type}${['linear', 'llama3'].includes(type) ? ' without its factors' : ''}`,
  };
}

const ratioOf = (factor: number, { mscale, mscale_all_dim: all }: RopeJson): number =>
  mscale && all ? yarnAttentionFactor(factor, mscale) / yarnAttentionFactor(factor, all) : yarnAttentionFactor(factor);

/** The inverse of readRopeScaling. */
export function writeRopeScaling(scaling: RopeScaling | undefined): Record<string, unknown> | null {
  switch (scaling?.type) {
    case undefined:
      return null;
    case 'linear':
      return { rope_type: 'linear', factor: scaling.factor };
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: scaling.factor,
        low_freq_factor: scaling.lowFactor,
        high_freq_factor: scaling.highFactor,
        original_max_position_embeddings: scaling.originalContext,
      };
    case 'yarn':
      return {
        rope_type: 'yarn',
        factor: scaling.factor,
        original_max_position_embeddings: scaling.originalContext,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        attention_factor: scaling.attentionFactor,
        truncate: scaling.truncate,
      };
  }
}

/** The scaling that GGUF metadata names; llama.cpp's converter writes that of Llama 3 as one divisor for each pair. */
export function readGgufRopeScaling(m: GgufMetadata, theta: number, headSize: number): ReadScaling {
  const type = m.get('rope.scaling.type') ?? 'none';
  if (m.ropeFactors) return llama3Of(m.ropeFactors, theta, headSize);
  if (type === 'none') return {};
  const factor = m.number('rope.scaling.factor', 1);
  if (type === 'linear') return { scaling: { type, factor } };
  if (type === 'yarn' && m.get('rope.scaling.yarn_log_multiplier') === undefined) {
    return {
      scaling: {
        type,
        factor,
        originalContext: m.number('rope.scaling.original_context_length', m.number('context_length')),
        betaFast: m.number('rope.scaling.yarn_beta_fast', 32),
        betaSlow: m.number('rope.scaling.yarn_beta_slow', 1),
        attentionFactor: m.number('rope.scaling.attn_factor', 1) * yarnAttentionFactor(factor),
        truncate: true,
      },
    };
  }
  return { refused: `RoPE scaling of type ${String(type)}` };
}

/** Every published Llama 3.1 to 3.3 has these; only the factor differs. */
const LLAMA3 = { type: 'llama3', lowFactor: 1, highFactor: 4, originalContext: 8192 } as const;

function llama3Of(factors: ArrayLike<number>, theta: number, headSize: number): ReadScaling {
  const scaling = { ...LLAMA3, factor: factors[factors.length - 1] ?? 1 };
  const plain = ropeFrequencies({ theta }, headSize).frequencies;
  const scaled = ropeFrequencies({ theta, scaling }, headSize).frequencies;
  const same = plain.every((frequency, i) => Math.abs((scaled[i]! * factors[i]!) / frequency - 1) < 1e-4);
  return same ? { scaling } : { refused: 'RoPE factors (rope_freqs) other than those of Llama 3' };
}
