import { runInNewContext } from 'node:vm';
import { transformWithOxc } from 'vite';
import { expect, it } from 'vitest';
import { originOf, sourceStack } from './sourceStack';

/** Line 5 throws. */
const SOURCE = `interface Never { readonly of: 'use' }

export function outer(values: readonly number[]): number {
  const inner = (value: number, _unused?: Never): number => {
    if (value > 2) throw new Error('too large');
    return value;
  };
  return values.map((value) => inner(value)).length;
}

outer([1, 2, 3]);
`;

it('names the lines of the source in the stack of an error that the built code has thrown', async () => {
  const { code, map } = await transformWithOxc(SOURCE, 'src/lab/example.ts', { sourcemap: true });
  const url = 'http://localhost:4173/assets/main-abc.js';
  let stack = '';
  try {
    runInNewContext(code.replace('export function', 'function'), {}, { filename: url });
  } catch (error) {
    stack = (error as Error).stack!;
  }
  expect(stack).toMatch(/main-abc\.js:\d+:\d+/);
  const asked: string[] = [];
  const mapped = await sourceStack(stack, async (wanted) => {
    asked.push(wanted);
    return map as unknown as Parameters<typeof originOf>[0];
  });
  expect(asked).toEqual([`${url}.map`]);
  expect(mapped).toContain('Error: too large');
  expect(mapped).toMatch(/inner \(\S*example\.ts:5:\d+\)/);
  expect(mapped).toMatch(/outer \(\S*example\.ts:8:\d+\)/);
  expect(mapped).not.toMatch(/main-abc\.js:\d+:\d+/);
});

it('leaves a trace alone whose map is missing, and a position that the map does not have', async () => {
  const stack = 'Error: x\n    at f (https://example.org/assets/a.js:1:10)';
  expect(await sourceStack(stack, () => Promise.reject(new Error('404')))).toBe(stack);
  expect(originOf({ sources: ['../../src/a.ts'], mappings: 'AAAA;;EAEE' }, 1, 1)).toEqual({
    source: 'src/a.ts',
    line: 1,
    column: 1,
  });
  expect(originOf({ sources: ['../../src/a.ts'], mappings: 'AAAA;;EAEE' }, 3, 9)).toEqual({
    source: 'src/a.ts',
    line: 3,
    column: 3,
  });
  expect(originOf({ sources: ['../../src/a.ts'], mappings: 'AAAA;;EAEE' }, 3, 1)).toBeNull();
  expect(originOf({ sources: ['../../src/a.ts'], mappings: 'AAAA' }, 9, 1)).toBeNull();
});
