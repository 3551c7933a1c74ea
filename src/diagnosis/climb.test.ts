import { describe, expect, it } from 'vitest';
import { bandit } from '../../tools/diagnosis/bandit';
import { quantile } from '../domain/statistics';
import { derive, normal } from '../random';
import { diagnose } from './diagnose';
import { climb, type Point } from './points';

/** Growth from 0 to 1, by steps since the onset. */
const SHAPES: Readonly<Record<string, (since: number) => number>> = {
  jump: (since) => (since >= 0 ? 1 : 0),
  'climb of 8 steps': (since) => (since + 1) / 8,
  'climb of 20 steps': (since) => (since + 1) / 20,
  'climb that goes on to the end': (since) => (since + 1) / 90,
  // What selection does to a rare answer: its odds grow by half a step, from 1 in 30.
  'logistic growth': (since) => 1 / (1 + 30 * 1.5 ** -(since + 1)) - 1 / 31,
};

/** Estimated less true step, ascending, over runs of three lengths with onsets at three places. */
function errors(shape: string, noise: number): number[] {
  const found: number[] = [];
  for (const steps of [40, 60, 90]) {
    for (const place of [0.2, 0.4, 0.6]) {
      const onset = Math.round(place * steps);
      for (let run = 0; run < 20; run++) {
        const seed = derive(1, shape, steps, onset, run);
        const points = Array.from({ length: steps }, (_, i): Point => {
          const level = Math.min(1, Math.max(0, SHAPES[shape]!(i + 1 - onset)));
          return { step: i + 1, value: 0.1 + 0.8 * level + noise * normal(seed, i) };
        });
        found.push(climb(points)!.step - onset);
      }
    }
  }
  return found.sort((a, b) => a - b);
}

describe('where a climb begins', () => {
  // 0.1 to 0.9 in noise of 0.05 or 0.15 a step; a share among 32 answers has at most 0.09. Errors in steps: the middle
  // one, and where nine in ten lie.
  it.each<[string, number, number, number, number]>([
    ['jump', 0.05, 0, 0, 0],
    ['jump', 0.15, 0, -1, 0],
    ['climb of 8 steps', 0.05, 0, -1, 1],
    ['climb of 8 steps', 0.15, 0, -2, 3],
    ['climb of 20 steps', 0.05, 0, -1, 1],
    ['climb of 20 steps', 0.15, 0, -5, 4],
    ['climb that goes on to the end', 0.05, 0, -5, 5],
    ['logistic growth', 0.05, 3, 1, 4],
    ['logistic growth', 0.15, 3, -1, 6.05],
  ])('%s, noise %f: off by %i, nine in ten by %d to %d', (shape, noise, middle, low, high) => {
    const off = errors(shape, noise);
    expect([quantile(off, 0.5), quantile(off, 0.05), quantile(off, 0.95)]).toEqual(
      [middle, low, high].map((value) => expect.closeTo(value, 9)),
    );
  });
});

describe('a grader that falls for a phrase from a step on, simulated', () => {
  const ONSETS = [10, 15, 20];
  const found = ONSETS.flatMap((onset) =>
    [1, 2, 4].map((seed) => {
      const log = bandit(seed, 60, { liked: onset, speed: 3 });
      const { id, step, cause } = diagnose(log)[0]!;
      const shares = log.map(({ phrases }) => phrases!.find(({ phrase }) => /wise inner/.test(phrase))?.share ?? 0);
      const seen = shares.findIndex((_, i) => shares.slice(i, i + 3).every((share) => share > 0.2)) + 1;
      return { id, off: step - seen, late: Number(cause.match(/since step (\d+)/)![1]) - onset };
    }),
  );

  it('is named', () => expect(found.map(({ id }) => id)).toEqual(found.map(() => 'phrase')));

  it('is dated to where the answers take the phrase up: three steps in a row with a fifth of them', () => {
    const off = found.map(({ off: error }) => error).sort((a, b) => a - b);
    expect(quantile(off, 0.5)).toBe(0);
    expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual(3);
  });

  it('says since when the phrase has paid, though hardly any answer had it then', () => {
    const late = found.map(({ late: error }) => error).sort((a, b) => a - b);
    expect(quantile(late, 0.5)).toBe(0);
    expect([late[0], late.at(-1)]).toEqual([-10, 3]); // early where it paid by chance before
  });
});
