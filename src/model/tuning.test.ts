import { expect, it, vi } from 'vitest';
import { Gpu } from '../gpu/gpu';
import { testGpu } from '../gpu/test/testGpu';
import { type GemmTable, register, tableFor, workgroup } from '../kernels/gemm/gemmVariants';
import { randomCheckpoint } from './test/testModel';
import { tuneForModel } from './tuning';

const testConfig = randomCheckpoint().config;
const variant = register(8, 8, 1, 1); // cheap to compile here
const table: GemmTable = (['forward', 'inputGrad', 'weightGrad'] as const).map((orientation) => ({
  orientation,
  formats: ['f32'],
  variant,
}));

/** The test adapter as if it were a graphics card, freshly opened. */
async function card(): Promise<Gpu> {
  const { device, facts } = await testGpu();
  return new Gpu(device, { ...facts, software: false });
}

function memory(kept = new Map<string, unknown>()) {
  return {
    kept,
    load: vi.fn(async (key: string) => kept.get(key)),
    save: vi.fn(async (key: string, value: unknown) => void kept.set(key, structuredClone(value))),
  };
}

const options = { formats: ['f32'], rows: 4096 } as const;

it('times once per adapter and model, and takes what it kept from then on', async () => {
  const cache = memory();
  const tune = vi.fn(async () => table);
  const first = await card();
  await tuneForModel(first, testConfig, { ...options, cache, tune });
  expect(tableFor(first)).toBe(table);
  expect(tune).toHaveBeenCalledWith(first, expect.objectContaining({ formats: ['f32'], rows: 512 }));
  const second = await card();
  await tuneForModel(second, testConfig, { ...options, cache, tune });
  expect(tableFor(second)).toEqual(table);
  expect(tune).toHaveBeenCalledTimes(1);
  await tuneForModel(second, { ...testConfig, hidden: testConfig.hidden + 4 }, { ...options, cache, tune });
  expect(tune).toHaveBeenCalledTimes(2);
});

it('tunes anew where what was kept is wrong on this adapter, cut short, or no table', async () => {
  const cache = memory();
  const gpu = await card();
  await tuneForModel(gpu, testConfig, { ...options, cache, tune: async () => table });
  const [[key, kept]] = [...cache.kept] as [[string, { version: number; table: GemmTable }]];
  const wrong = [{ ...table[0]!, variant: { ...workgroup(1, 1, 8), lanes: 128 } }, ...table];
  for (const damaged of [{ ...kept, table: wrong }, { ...kept, table: table.slice(1) }, { ...kept, version: 0 }, 'x']) {
    const tune = vi.fn(async () => table);
    await tuneForModel(gpu, testConfig, { ...options, cache: memory(new Map([[key, damaged]])), tune });
    expect(tune, JSON.stringify(damaged)).toHaveBeenCalledTimes(1);
  }
});

it('leaves a software adapter alone, and needs no cache', async () => {
  const tune = vi.fn(async () => table);
  const software = await testGpu();
  const before = tableFor(software);
  const cache = memory();
  await tuneForModel(software, testConfig, { ...options, cache, tune });
  expect(tune).not.toHaveBeenCalled();
  expect(cache.load).not.toHaveBeenCalled();
  expect(tableFor(software)).toEqual(before);
  const full = {
    load: async () => Promise.reject(new Error('gone')),
    save: async () => Promise.reject(new Error('full')),
  };
  for (const failing of [undefined, full]) {
    const gpu = await card();
    await tuneForModel(gpu, testConfig, { ...options, cache: failing, tune });
    expect(tableFor(gpu)).toBe(table);
  }
});
