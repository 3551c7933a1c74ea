import { expect, it } from 'vitest';
import { baselineSchema, compare, isAccepted, printBaseline } from './baseline';
import type { Figures } from './figures';

const usual: Figures = {
  width: 64,
  registers: 60,
  spilled: 0,
  waves: 24,
  ldsBytes: 8704,
  codeBytes: 4492,
  multiplyAdds: 256,
  perArithmetic: 0.98,
  perInstruction: 0.62,
  ldsPerFma: 2,
  memoryPerFma: 0,
};
const found = (change: Partial<Figures>, old: Partial<Figures> = {}) =>
  compare({ gemm: { ...usual, ...old } }, { gemm: { ...usual, ...change } }).map(
    ({ what, fails }) => `${fails} ${what}`,
  );

it('fails at a new spill, and at a tenth of the occupancy or of the multiply-adds', () => {
  expect(found({ spilled: 1 })).toEqual(['true spills 0 → 1']);
  expect(found({ waves: 20 })).toEqual(['true waves 24 → 20']);
  expect(found({ waves: 22, perInstruction: 0.57 })).toEqual([]);
  expect(found({ perInstruction: 0.55 })).toEqual(['true multiply-adds per instruction 0.62 → 0.55']);
});

it('does not ask for a share where there is next to nothing to multiply, nor for waves that nobody knows', () => {
  expect(found({ perInstruction: 0.1, multiplyAdds: 4 }, { multiplyAdds: 4 })).toEqual([]);
  expect(found({ waves: null }, { waves: null })).toEqual([]);
});

it('says what is better, new or gone, and lets only a new spill fail', () => {
  expect(found({ waves: 32 })).toEqual(['false waves 24 → 32']);
  const now = { a: usual, b: { ...usual, spilled: 7 } };
  expect(compare({ gone: usual }, now)).toEqual([
    { pipeline: 'a', what: 'new', fails: false },
    { pipeline: 'b', what: 'new, and spills 7', fails: true },
    { pipeline: 'gone', what: 'no longer compiled', fails: false },
  ]);
});

it('accepts by the beginning of a name', () => {
  const finding = { pipeline: 'gemm.forward.split.q4 ROWS=8', what: '', fails: true };
  expect(isAccepted(finding, ['attention', 'gemm.forward.split'])).toBe(true);
  expect(isAccepted(finding, ['gemm.inputGrad'])).toBe(false);
});

it('prints a line for each pipeline that reads back the same', () => {
  const baseline = { navi31: { driver: 'Mesa 25', pipelines: { b: usual, a: usual } } };
  const text = printBaseline(baseline);
  expect(text.split('\n').filter((line) => line.includes('spilled'))).toHaveLength(2);
  expect(baselineSchema.parse(JSON.parse(text))).toEqual(baseline);
});
