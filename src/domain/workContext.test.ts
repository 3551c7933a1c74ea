import { expect, it } from 'vitest';
import { partOf, phaseOf } from './workContext';

it('counts the progress of parts as progress of the whole', () => {
  const seen: number[][] = [];
  const { signal } = new AbortController();
  const whole = { signal, onProgress: (done: number, total: number) => void seen.push([done, total]) };
  const part = partOf(whole, { before: 4, size: 6, total: 20 });
  expect(part.signal).toBe(signal);
  for (const done of [0, 1, 2, 3]) part.onProgress!(done, 3);
  expect(seen).toEqual([
    [4, 20],
    [6, 20],
    [8, 20],
    [10, 20],
  ]);
  // A part of the part, in other units, and one without any.
  const inner = partOf(part, { before: 1, size: 1, total: 2 });
  inner.onProgress!(5, 10);
  inner.onProgress!(10, 10);
  inner.onProgress!(0, 0);
  expect(seen.slice(4)).toEqual([
    [7, 20],
    [10, 20],
    [7, 20],
  ]);
});

it('names the phase of progress', () => {
  const seen: unknown[] = [];
  const { signal } = new AbortController();
  const context = phaseOf({ signal, onPhase: (...args) => void seen.push(args) }, 'grade');
  context.onProgress!(1, 2);
  expect(seen).toEqual([['grade', 1, 2]]);
  expect(context.signal).toBe(signal);
  expect(() => phaseOf({}, 'grade').onProgress!(1, 2)).not.toThrow();
});
