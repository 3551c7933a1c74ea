import { expect, it } from 'vitest';
import { allocate, slabBytes } from './arena';
import { testGpu } from './test/testGpu';

it('needs the larger of the i-th largest tensors of each layout', () => {
  const rollout = { cache: { shape: [1000] }, row: { shape: [10] } };
  const update = { x: { shape: [300] }, y: { shape: [200] }, z: { shape: [5] } };
  expect(slabBytes([rollout, update])).toEqual([4000, 800, 20]);
});

it('gives each tensor of a layout a buffer of its own, shared between layouts, and gives all of it back', async () => {
  const gpu = await testGpu();
  const before = { ...gpu.counters };
  const arena = allocate(gpu, 'test', {
    rollout: { cache: { shape: [1000] }, row: { shape: [10], type: 'u32' } },
    update: { x: { shape: [30, 10] }, y: { shape: [200] }, z: { shape: [5] } },
  });
  const { rollout, update } = arena.tensors;
  expect(gpu.counters.bytes - before.bytes).toBe(4000 + 800 + 32); // 20 bytes in whole fours of numbers
  expect(new Set([update.x.buffer, update.y.buffer, update.z.buffer]).size).toBe(3);
  expect(rollout.cache.buffer).toBe(update.x.buffer);
  expect(rollout.row.type).toBe('u32');
  expect(update.x.shape).toEqual([30, 10]);
  arena.release();
  expect(gpu.counters.bytes).toBe(before.bytes);
});
