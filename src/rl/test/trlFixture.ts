import type { Example } from '../../domain/example';
import type { LossConfig } from '../../domain/recipe/loss';
import type { OptimizerConfig } from '../../domain/recipe/optimizer';
import type { Rollout } from '../../domain/rollout';
import { readFixture, unpack } from '../../reference/recorded';
import { packBatches } from '../batch';

interface Recorded {
  readonly groupSize: number;
  readonly lengths: readonly number[];
  readonly vocabulary: number;
  readonly temperature: number;
  readonly clipLow: number;
  readonly clipHigh: number;
  readonly cispoHigh: number;
  readonly maxNewTokens: number;
  /** Answers that a masked case leaves out. */
  readonly truncated: readonly number[];
  readonly logits: string;
  readonly ids: readonly (readonly number[])[];
  readonly old: string;
  readonly reference: string;
  readonly advantages: string;
  readonly cases: readonly TrlCase[];
  readonly groupAdvantages: readonly {
    readonly name: string;
    readonly scaleRewards: LossConfig['scaleRewards'];
    readonly rewards: readonly (number | null)[];
    readonly advantages: string;
    readonly std: string;
  }[];
  /** Of `gap` = new − reference: values and slopes of each kind. */
  readonly klEstimates: { readonly gap: string } & Readonly<
    Record<LossConfig['klKind'], { readonly value: string; readonly slope: string }>
  >;
  readonly schedules: readonly {
    readonly schedule: OptimizerConfig['schedule'];
    readonly warmupSteps: number;
    readonly total: number;
    readonly rates: readonly number[];
  }[];
}

export interface TrlCase extends Pick<LossConfig, 'type' | 'klCoef' | 'clipCap' | 'entropyCoef'> {
  readonly onPolicy: boolean;
  readonly masked: boolean;
  readonly loss: number;
  /** Of the completions' tokens, one answer after the other, (tokens, V). */
  readonly gradient: string;
  readonly clipRatio: number;
  readonly kl: number | null;
  readonly entropy: number;
}

/** What TRL computed on recorded inputs (tools/fixtures/grpo.py). For tests. */
export const trl = readFixture<Recorded>(import.meta.url, 'fixtures/grpo.json');

/** A case in a line, for the name of a test. */
export const caseName = ({ type, klCoef, clipCap, entropyCoef, onPolicy, masked }: TrlCase): string =>
  [
    type,
    klCoef > 0 && `β ${klCoef}`,
    clipCap !== null && `cap ${clipCap}`,
    entropyCoef > 0 && `entropy ${entropyCoef}`,
    onPolicy && 'on policy',
    masked && 'truncated answers masked',
  ]
    .filter((part) => part !== false)
    .join(', ');

/** The answers of a case. */
export function caseRollouts({ onPolicy, masked }: Pick<TrlCase, 'onPolicy' | 'masked'>): readonly Rollout[] {
  const { lengths, ids } = trl;
  const T = Math.max(...lengths);
  const old = unpack(trl.old);
  return lengths.map((length, b): Rollout => {
    const logprobs = onPolicy ? new Float32Array(length).fill(Number.NaN) : old.slice(b * T, b * T + length);
    return {
      example: {} as Example,
      group: Math.floor(b / trl.groupSize),
      tokens: Int32Array.of(b, ...ids[b]!.slice(0, length)), // the one prompt token says which answer a packed row is of
      promptLength: 1,
      logprobs,
      entropies: new Float32Array(length),
      completion: '',
      finish: masked && trl.truncated.includes(b) ? 'length' : 'stop',
    };
  });
}

/**
 * The inputs of a case as our own packing orders them, padding gone: rows of logits (M, V), what the loss needs of each
 * row, `answerStart` (B + 1) the first row of each answer, and `place`, the row's index in TRL's padded (B, T).
 */
export function caseInputs({ type, klCoef, clipCap, entropyCoef, onPolicy, masked }: TrlCase) {
  const { lengths, vocabulary: V } = trl;
  const T = Math.max(...lengths);
  const rollouts = caseRollouts({ onPolicy, masked });
  const [batch] = packBatches(rollouts, unpack(trl.advantages), {
    type,
    truncated: 'masked',
    maxNewTokens: trl.maxNewTokens,
    microBatchTokens: 1000,
    skipZeroAdvantage: false,
  });
  if (!batch) throw new Error('nothing was packed');
  const place = Array.from(batch.lossRow, (row) => {
    const start = batch.starts.findLast((first) => first <= row)!;
    return batch.tokens[start]! * T + (row - start);
  });
  const all = unpack(trl.logits);
  const reference = unpack(trl.reference);
  const clipHigh = type === 'cispo' ? trl.cispoHigh : trl.clipHigh;
  return {
    ...batch,
    logits: Float32Array.from(place.flatMap((at) => [...all.subarray(at * V, (at + 1) * V)])),
    referenceLogprob: Float32Array.from(place, (at) => reference[at]!),
    // A sequence of n tokens has n − 1 loss rows here.
    answerStart: Uint32Array.from(batch.starts, (start, b) => start - b),
    place,
    options: { type, clipLow: trl.clipLow, clipHigh, clipCap, klCoef },
    entropyWeight: entropyCoef / place.length,
  };
}

/** TRL's gradient of the rows at `place`; throws if there is any elsewhere. */
export function trlGradient({ gradient }: TrlCase, place: readonly number[]): Float32Array {
  const { vocabulary: V, lengths } = trl;
  const T = Math.max(...lengths);
  const before = lengths.map((_, b) => lengths.slice(0, b).reduce((sum, length) => sum + length, 0));
  const all = unpack(gradient);
  const at = place.map((index) => V * (before[Math.floor(index / T)]! + (index % T)));
  const rows = Float32Array.from(at.flatMap((first) => [...all.subarray(first, first + V)]));
  for (const first of at) all.fill(0, first, first + V);
  if (all.some((value) => value !== 0)) throw new Error('a gradient outside of the answers that carry loss');
  return rows;
}
