import type { Example } from '../domain/example';
import { derive, shuffled } from '../random';

/**
 * The prompts of each step. Pure functions of the step, so that a resumed run gets the prompts of an uninterrupted one.
 */
export interface ExampleStream {
  take(step: number, count: number): Example[];
  /** Up to `count` further prompts for dynamic sampling, none of `not`. Drawn apart from those of `take`. */
  refill(step: number, round: number, count: number, not: ReadonlySet<string>): Example[];
}

/** Every example once per epoch, in a new order in each epoch. */
export function exampleStream(examples: readonly Example[], seed: number): ExampleStream {
  if (examples.length === 0) throw new Error('no example to train on');
  let epoch = -1;
  let order: readonly Example[] = [];
  const at = (position: number): Example => {
    const current = Math.floor(position / examples.length);
    if (current !== epoch) {
      epoch = current;
      order = shuffled(derive(seed, 'epoch', epoch), examples);
    }
    return order[position % examples.length]!;
  };
  return {
    take: (step, count) => Array.from({ length: count }, (_, i) => at(step * count + i)),
    refill: (step, round, count, not) =>
      shuffled(derive(seed, 'refill', step, round), examples)
        .filter(({ promptId }) => !not.has(promptId))
        .slice(0, count),
  };
}
