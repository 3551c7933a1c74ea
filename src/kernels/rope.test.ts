import { expect, it } from 'vitest';
import { guarded, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { ropeBackward, ropeForward } from '../reference/rope';
import { rope, ropeTable } from './rope';

const theta = 10000;
const T = 700;
const frequencies = (D: number) => Float64Array.from({ length: D / 2 }, (_, i) => theta ** ((-2 * i) / D));

// Pairs below, at and above the workgroup size, one by one and in fours; positions in no order, the last of the table
// among them.
it.each([
  [1, 1, 1, 2],
  [3, 1, 1, 32],
  [2, 4, 1, 64],
  [5, 3, 2, 36],
  [7, 9, 3, 64],
])('matches the reference at N=%i H=%i K=%i D=%i', async (N, H, K, D) => {
  const gpu = await testGpu();
  const op = await rope(gpu);
  const position = Uint32Array.from({ length: N }, (_, n) => (n === 0 ? T - 1 : (n * 37) % 11));
  const table = gpu.tensor('table', [T, D], ropeTable(frequencies(D), T));
  const at = gpu.tensor('position', [N], position);
  const heads = (name: string, count: number, seed: number) => {
    const values = seeded(N * count * D, seed);
    return { tensor: guarded(gpu, name, [N, count, D], values), want: Float64Array.from(values) };
  };
  const [q, k, dq, dk] = [heads('q', H, 1), heads('k', K, 2), heads('dq', H, 3), heads('dk', K, 4)];
  op.forward(gpu.recorder, { q: q.tensor, k: k.tensor, position: at, table });
  op.backward(gpu.recorder, { q: dq.tensor, k: dk.tensor, position: at, table });

  for (const { want } of [q, k]) ropeForward(want, position, { frequencies: frequencies(D), scale: 1 });
  for (const { want } of [dq, dk]) ropeBackward(want, position, { frequencies: frequencies(D), scale: 1 });
  for (const { tensor, want } of [q, k, dq, dk]) {
    const worst = worstError(await readGuarded(gpu, tensor), want, { atol: 1e-6, rtol: 1e-6 });
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await rope(gpu);
  const q = guarded(gpu, 'q', [3, 2, 4], seeded(24, 1));
  const k = guarded(gpu, 'k', [3, 1, 4], seeded(12, 2));
  const position = gpu.tensor('position', [3], Uint32Array.of(1, 2, 3));
  op.forward(
    gpu.recorder,
    { q, k, position, table: gpu.tensor('table', [T, 4], ropeTable(frequencies(4), T)) },
    { rows: 2 },
  );
  for (const [tensor, before] of [
    [q, seeded(24, 1)],
    [k, seeded(12, 2)],
  ] as const) {
    const got = await readGuarded(gpu, tensor);
    const used = (2 / 3) * before.length;
    expect(got.slice(used)).toEqual(before.slice(used));
    expect(got.slice(used / 2, used)).not.toEqual(before.slice(used / 2, used));
  }
});
