import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leaveTurn, takeTurn } from './idleQueue';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('does one piece of work a turn, in order', () => {
  const done: string[] = [];
  for (const id of ['a', 'b', 'c']) takeTurn(id, () => done.push(id));
  expect(done).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(['a']);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(['a', 'b']);
  vi.runAllTimers();
  expect(done).toEqual(['a', 'b', 'c']);
});

it('does the newest work of an id only, without losing its place', () => {
  const done: string[] = [];
  for (const id of ['a', 'b', 'a']) takeTurn(id, () => done.push(`${id}${done.length}`));
  takeTurn('a', () => done.push('newest a'));
  vi.runAllTimers();
  expect(done).toEqual(['newest a', 'b1']);
});

it('leaves out what is no longer wanted, and goes on after work that fails', () => {
  const done: string[] = [];
  takeTurn('gone', () => done.push('gone'));
  takeTurn('bad', () => {
    throw new Error('bad');
  });
  takeTurn('last', () => done.push('last'));
  leaveTurn('gone');
  expect(() => vi.advanceTimersToNextTimer()).toThrow('bad');
  vi.runAllTimers();
  expect(done).toEqual(['last']);
});
