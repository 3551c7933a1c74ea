import type { Rollout } from '../domain/rollout';
import type { UpdateReport } from './policy';

/** A number that must be finite was not. The weights of the last checkpoint are still good. */
export class NotFinite extends Error {
  override name = 'NotFinite';
  constructor(
    readonly quantity: string,
    readonly step: number,
  ) {
    super(`${quantity} is not a finite number in step ${step}`);
  }
}

/** Throws NotFinite for a logprob that is NaN or infinite. */
export function assertFiniteLogprobs(rollouts: readonly Rollout[], step: number): void {
  if (!rollouts.every(({ logprobs }) => logprobs.every(Number.isFinite))) throw new NotFinite('logprob', step);
}

/** Throws NotFinite for an update whose numbers, or whose gradient, are NaN or infinite. */
export function assertFiniteUpdate(update: UpdateReport, step: number): void {
  if (!Number.isFinite(update.loss)) throw new NotFinite('loss', step);
  if (!Number.isFinite(update.gradNorm)) throw new NotFinite('gradient norm', step);
  if (update.kl !== null && !Number.isFinite(update.kl)) throw new NotFinite('KL', step);
  if (!update.finite) throw new NotFinite('gradient', step);
}
