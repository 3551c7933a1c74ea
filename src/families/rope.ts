import type { RopeScaling } from '../domain/model';

/** Rotary position embedding: pair i of a head turns by position · theta^(−2i/D), changed by `scaling`. */
export interface Rope {
  readonly theta: number;
  readonly scaling?: RopeScaling;
}

/** What a rope is for heads of D elements. */
export interface RopeFrequencies {
  /** (D/2) radians per position. */
  readonly frequencies: Float64Array<ArrayBuffer>;
  /** Factor of cosines and sines. */
  readonly scale: number;
}

export function ropeFrequencies({ theta, scaling }: Rope, D: number): RopeFrequencies {
  const plain = Float64Array.from({ length: D / 2 }, (_, i) => theta ** ((-2 * i) / D));
  switch (scaling?.type) {
    case undefined:
      return { frequencies: plain, scale: 1 };
    case 'linear':
      return { frequencies: plain.map((frequency) => frequency / scaling.factor), scale: 1 };
    case 'llama3':
      return { frequencies: plain.map((frequency) => frequency * llama3Share(frequency, scaling)), scale: 1 };
    case 'yarn': {
      const kept = yarnRamp(theta, D, scaling);
      const share = (i: number) => kept(i) + (1 - kept(i)) / scaling.factor;
      return { frequencies: plain.map((frequency, i) => frequency * share(i)), scale: scaling.attentionFactor };
    }
  }
}

/** What YaRN multiplies cosines and sines by where the config does not say. */
export const yarnAttentionFactor = (factor: number, weight = 1): number =>
  factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;

/** What is left of a frequency: 1, 1 / factor, or between. */
function llama3Share(
  frequency: number,
  { factor, lowFactor, highFactor, originalContext }: Extract<RopeScaling, { type: 'llama3' }>,
): number {
  const turns = (originalContext * frequency) / (2 * Math.PI); // in the original context
  const kept = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
  return kept + (1 - kept) / factor;
}

/** For pair i: 1 where it keeps its frequency, 0 where it is divided by the factor. */
function yarnRamp(
  theta: number,
  D: number,
  { originalContext, betaFast, betaSlow, truncate }: Extract<RopeScaling, { type: 'yarn' }>,
): (i: number) => number {
  const pairOf = (turns: number) => (D * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(pairOf(betaFast)) : pairOf(betaFast), 0);
  const high = Math.min(truncate ? Math.ceil(pairOf(betaSlow)) : pairOf(betaSlow), D - 1);
  const width = low === high ? 0.001 : high - low;
  return (i) => 1 - Math.min(1, Math.max(0, (i - low) / width));
}
