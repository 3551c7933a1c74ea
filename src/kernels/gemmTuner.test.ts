import { expect, it } from 'vitest';
import { testGpu } from '../gpu/testGpu';
import { isRight } from './gemmCheck';
import { gemmTableSchema, tuneGemm } from './gemmTuner';
import { ALL_FORMATS, chooseVariant, type GemmVariant, register, tableFor, useTable, workgroup } from './gemmVariants';

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

it('makes a table that is plain data and serves every case', async () => {
  const gpu = await testGpu();
  const only = [register(8, 8, 1, 1)];
  const steps: number[] = [];
  const table = await tuneGemm(gpu, {
    formats: ['bf16'],
    shapes: [{ K: 32, N: 24 }],
    rows: 9,
    progress: (done) => steps.push(done),
    candidates: () => only,
  });
  const cached = gemmTableSchema.parse(JSON.parse(JSON.stringify(table)));
  expect(cached).toEqual(JSON.parse(JSON.stringify(table)));
  expect(steps).toHaveLength(6);
  for (const format of ALL_FORMATS) chooseVariant(cached, { orientation: 'forward', format, rows: 600, columns: 99 });
  expect(only).toContainEqual(
    chooseVariant(cached, { orientation: 'inputGrad', format: 'bf16', rows: 600, columns: 99 }),
  );
  expect(chooseVariant(cached, { orientation: 'weightGrad', format: 'f32', rows: 600, columns: 8 })).toEqual(
    chooseVariant(tableFor(gpu), { orientation: 'weightGrad', format: 'f32', rows: 600, columns: 8 }),
  );

  const before = tableFor(gpu);
  useTable(gpu, cached);
  expect(tableFor(gpu)).toBe(cached);
  useTable(gpu, before);
});
