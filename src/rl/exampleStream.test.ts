import { describe, expect, it } from 'vitest';
import { exampleStream } from './exampleStream';
import { testExample } from './test/testModel';

const examples = Array.from({ length: 5 }, (_, i) => testExample(`p${i}`));

describe('the example stream', () => {
  it('shows every example once per epoch, in another order each time', () => {
    const stream = exampleStream(examples, 7);
    const ids = (step: number) => stream.take(step, 5).map(({ promptId }) => promptId);
    expect([...ids(0)].sort()).toEqual(examples.map(({ promptId }) => promptId));
    expect([...ids(1)].sort()).toEqual([...ids(0)].sort());
    expect([ids(0), ids(1), ids(2)].map(String)).not.toEqual([ids(0), ids(0), ids(0)].map(String));
  });

  it('is a function of the step alone, across epochs too', () => {
    const forward = exampleStream(examples, 7);
    const all = Array.from({ length: 6 }, (_, step) => forward.take(step, 3));
    expect(exampleStream(examples, 7).take(4, 3)).toEqual(all[4]);
    expect(forward.take(1, 3)).toEqual(all[1]);
  });

  it('refills with other prompts than the given ones, by step and round', () => {
    const stream = exampleStream(examples, 7);
    const ids = (step: number, round: number, not: readonly string[], count = 5) =>
      stream.refill(step, round, count, new Set(not)).map(({ promptId }) => promptId);
    expect([...ids(0, 1, ['p1', 'p3'])].sort()).toEqual(['p0', 'p2', 'p4']);
    expect(ids(0, 1, ['p1', 'p3'], 2)).toEqual(ids(0, 1, ['p1', 'p3']).slice(0, 2));
    expect(ids(0, 1, ['p0', 'p1', 'p2', 'p3', 'p4'])).toEqual([]);
    const orders = [0, 1, 2].flatMap((step) => [1, 2, 3].map((round) => ids(step, round, []).join()));
    expect(new Set(orders).size).toBeGreaterThan(6); // of 120 orders
    expect(ids(2, 3, [])).toEqual(ids(2, 3, []));
  });
});
