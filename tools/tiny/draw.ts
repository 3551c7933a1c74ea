import { derive, integer, shuffled, uniform } from '../../src/random';

/** A stream of draws: the next number of a seed's sequence, for the scripts that make the synthetic world. */
export class Draw {
  private count = 0;

  constructor(private readonly seed: number) {}

  /** In [0, 1). */
  uniform(): number {
    return uniform(this.seed, this.count++);
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('cannot pick from an empty list');
    return items[integer(this.seed, items.length, this.count++)]!;
  }

  shuffle<T>(items: readonly T[]): T[] {
    return shuffled(derive(this.seed, this.count++), items);
  }
}
