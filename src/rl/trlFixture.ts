import { readFixture, unpack } from '../reference/recorded';
import type { Example } from '../rubric/example';
import { packBatches } from './batch';
import type { Rollout } from './policy';

interface Recorded {
  readonly groupSize: number;
  readonly lengths: readonly number[];
  readonly vocabulary: number;
  readonly temperature: number;
  readonly clipLow: number;
  readonly clipHigh: number;
  readonly logits: string;
  readonly ids: readonly (readonly number[])[];
  readonly old: string;
  readonly reference: string;
  readonly advantages: string;
  readonly cases: readonly TrlCase[];
  readonly groupAdvantages: readonly {
    readonly name: string;
    readonly scaleRewards: 'group' | 'none';
    readonly rewards: readonly number[];
    readonly advantages: string;
    readonly std: string;
  }[];
}

export interface TrlCase {
  /** `dapo` and `bnpo` are our `token` type, `grpo` is `sequence`. */
  readonly lossType: 'grpo' | 'dapo' | 'bnpo';
  readonly klCoef: number;
  readonly onPolicy: boolean;
  readonly loss: number;
  readonly gradient: string;
  readonly clipRatio: number;
  readonly kl: number | null;
  readonly entropy: number;
}

/** What TRL computed on recorded inputs (tools/fixtures/grpo.py). For tests. */
export const trl = readFixture<Recorded>(import.meta.url, 'fixtures/grpo.json');

/**
 * The inputs of a case as our own packing orders them, padding gone: rows of logits (M, V), what the loss needs of each row, and `place`,
 * the row's index in TRL's padded (B, T).
 */
export function caseInputs({ lossType, onPolicy }: TrlCase) {
  const { lengths, ids, vocabulary: V } = trl;
  const T = Math.max(...lengths);
  const old = unpack(trl.old);
  const rollouts = lengths.map((length, b): Rollout => {
    const logprobs = onPolicy ? new Float32Array(length).fill(Number.NaN) : old.slice(b * T, b * T + length);
    return {
      example: {} as Example,
      group: Math.floor(b / trl.groupSize),
      tokens: Int32Array.of(b, ...ids[b]!.slice(0, length)), // the one prompt token says which answer a packed row is of
      promptLength: 1,
      logprobs,
      entropies: new Float32Array(length),
      completion: '',
      finish: 'stop',
    };
  });
  const options = { microBatchTokens: 1000, skipZeroAdvantage: false } as const;
  const type = lossType === 'grpo' ? 'grpo' : 'dapo';
  const [batch] = packBatches(rollouts, unpack(trl.advantages), { ...options, type });
  if (!batch) throw new Error('nothing was packed');
  const place = Array.from(batch.lossRow, (row) => {
    const start = batch.starts.findLast((first) => first <= row)!;
    return batch.tokens[start]! * T + (row - start);
  });
  const all = unpack(trl.logits);
  const reference = unpack(trl.reference);
  const logits = Float32Array.from(place.flatMap((at) => [...all.subarray(at * V, (at + 1) * V)]));
  return { ...batch, logits, referenceLogprob: Float32Array.from(place, (at) => reference[at]!), place };
}

/** TRL's gradient of the rows at `place`; throws if it has any elsewhere, where only padding is. */
export function trlGradient({ gradient }: TrlCase, place: readonly number[]): Float32Array {
  const V = trl.vocabulary;
  const all = unpack(gradient);
  const rows = Float32Array.from(place.flatMap((at) => [...all.subarray(at * V, (at + 1) * V)]));
  for (const at of place) all.fill(0, at * V, (at + 1) * V);
  if (all.some((value) => value !== 0)) throw new Error('a gradient outside of the completions');
  return rows;
}
