import type { Recipe } from '../../domain/recipe/recipe';

interface Saved {
  readonly step: number;
  readonly damaged?: string;
}

/**
 * Steps of the checkpoints that a run gives up after a save. It saves the last ones, every n-th step, the one with the
 * best held-out score, the one before the first step (a warm start may have made it), and never gives up the only one
 * that is not known to be damaged.
 */
export function prunedCheckpoints(
  saved: readonly Saved[],
  { keepLast, keepEvery }: Pick<Recipe, 'keepLast' | 'keepEvery'>,
  scores: ReadonlyMap<number, number>,
): number[] {
  if (keepLast === 0) return [];
  const whole = saved.filter(({ damaged }) => damaged === undefined).map(({ step }) => step);
  const scored = whole.filter((step) => scores.has(step));
  const best = scored.sort((a, b) => scores.get(b)! - scores.get(a)! || b - a)[0];
  const stays = new Set([0, best, ...whole.slice(-keepLast)]);
  return saved.map(({ step }) => step).filter((step) => !stays.has(step) && !(keepEvery > 0 && step % keepEvery === 0));
}
