import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/test/testGpu';
import { isRight } from './gemmCheck';
import { timeOf } from './gemmTiming';
import { gemmTableSchema, tuneGemm } from './gemmTuner';
import {
  ALL_FORMATS,
  chooseVariant,
  type GemmRule,
  type GemmTable,
  type GemmVariant,
  register,
  setTable,
  split,
  tableFor,
  workgroup,
} from './gemmVariants';

const rule = (format: (typeof ALL_FORMATS)[number], variant: GemmVariant) =>
  ({ orientation: 'forward', formats: [format], variant }) as const;

it('takes a right variant for right in every format', async () => {
  const gpu = await testGpu();
  for (const format of ALL_FORMATS) expect(await isRight(gpu, rule(format, register(8, 8, 1, 2))), format).toBe(true);
});

it('drops a variant that is wrong, and one that does not compile', async () => {
  const gpu = await testGpu();
  // Half of the threads that its tile needs.
  expect(await isRight(gpu, rule('f32', { ...workgroup(1, 1, 8), lanes: 128 }))).toBe(false);
  expect(await isRight(gpu, rule('f32', register(4096, 64, 1, 1)))).toBe(false);
});

const usual = register(8, 8, 1, 1);
const quick = register(8, 4, 1, 1);
/** Cheap to compile here, and complete. */
const baseline: GemmTable = [
  { orientation: 'forward', formats: ALL_FORMATS, variant: register(8, 8, 1, 2), maxRows: 4 },
  ...(['forward', 'inputGrad', 'weightGrad'] as const).map((orientation) => ({
    orientation,
    formats: ALL_FORMATS,
    variant: usual,
  })),
];
const options = { formats: ['bf16'], shapes: [{ K: 32, N: 24 }], rows: 9, baseline } as const;
/** As if `quick` took no time. */
const measure = async (_: unknown, { variant }: GemmRule) => (variant.across === quick.across ? 1 : 2);

it('puts the fastest right variant in front, as plain data, and serves every case', async () => {
  const gpu = await testGpu();
  const progress: [number, number][] = [];
  const table = await tuneGemm(gpu, {
    ...options,
    candidates: () => [quick],
    measure,
    budgetMs: 1e6,
    progress: (done, all) => progress.push([done, all]),
  });
  const cached = gemmTableSchema.parse(JSON.parse(JSON.stringify(table)));
  expect(cached).toEqual(JSON.parse(JSON.stringify(table)));
  expect(progress[0]).toEqual([0, 14]);
  expect(progress.at(-1)).toEqual([14, 14]);
  for (const format of ALL_FORMATS) {
    for (const rows of [1, 3, 600]) {
      const forward = chooseVariant(cached, { orientation: 'forward', format, rows, columns: 99 });
      expect(forward, `${format} ${rows}`).toEqual(
        format === 'bf16' ? quick : chooseVariant(baseline, { orientation: 'forward', format, rows, columns: 99 }),
      );
    }
  }
  expect(chooseVariant(cached, { orientation: 'weightGrad', format: 'f32', rows: 600, columns: 8 })).toEqual(quick);
});

it('never takes a variant that is wrong or adds in another order, however fast, nor one that there was no time to try', async () => {
  const gpu = await testGpu();
  const wrong = { ...workgroup(1, 1, 8), lanes: 128, across: quick.across };
  const otherBits = split(8, quick.across, 1); // two slices of K: right, but not the same sum
  expect(await isRight(gpu, rule('bf16', otherBits))).toBe(true);
  const candidates = (_: unknown, { orientation }: { orientation: string }) =>
    orientation === 'forward' ? [wrong, otherBits] : [wrong];
  const table = await tuneGemm(gpu, { ...options, candidates, measure, budgetMs: 1e6 });
  expect(table.map(({ variant }) => variant)).not.toContainEqual(wrong);
  expect(table.map(({ variant }) => variant)).not.toContainEqual(otherBits);
  expect(await tuneGemm(gpu, { ...options, candidates: () => [quick], measure, budgetMs: 0 })).toEqual(baseline);
});

it('times a variant, and makes a table the one in use', async () => {
  const gpu = await testGpu();
  expect(await timeOf(gpu, rule('bf16', usual), options.shapes, 9)).toBeGreaterThan(0);
  const before = tableFor(gpu);
  setTable(gpu, baseline);
  expect(tableFor(gpu)).toBe(baseline);
  setTable(gpu, before);
});
