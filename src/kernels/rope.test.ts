import { expect, it } from 'vitest';
import { guarded, readGuarded, seeded, testGpu } from '../gpu/testGpu';
import { worstError } from '../reference/gradientCheck';
import { ropeBackward, ropeForward } from '../reference/rope';
import { rope, ropeTable } from './rope';

const theta = 10000;
const T = 700;

// Pairs below, at and above the workgroup size; positions in no order, the last of the table among them.
it.each([
  [1, 1, 2],
  [3, 1, 32],
  [2, 1, 64],
  [5, 3, 36],
  [7, 9, 64],
])('matches the reference at N=%i H=%i D=%i', async (N, H, D) => {
  const gpu = await testGpu();
  const op = await rope(gpu);
  const position = Uint32Array.from({ length: N }, (_, n) => (n === 0 ? T - 1 : (n * 37) % 11));
  const table = gpu.tensor('table', [T, D], ropeTable(theta, D, T));
  const at = gpu.tensor('position', [N], position);
  const x = guarded(gpu, 'x', [N, H, D], seeded(N * H * D, 1));
  const dx = guarded(gpu, 'dx', [N, H, D], seeded(N * H * D, 2));
  op.forward(gpu.recorder, { x, position: at, table });
  op.backward(gpu.recorder, { x: dx, position: at, table });

  const want = Float64Array.from(seeded(N * H * D, 1));
  ropeForward(want, position, theta, D);
  const dwant = Float64Array.from(seeded(N * H * D, 2));
  ropeBackward(dwant, position, theta, D);
  for (const [tensor, expected] of [
    [x, want],
    [dx, dwant],
  ] as const) {
    const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 1e-6, rtol: 1e-6 });
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await rope(gpu);
  const x = guarded(gpu, 'x', [3, 2, 4], seeded(24, 1));
  const position = gpu.tensor('position', [3], Uint32Array.of(1, 2, 3));
  op.forward(gpu.recorder, { x, position, table: gpu.tensor('table', [T, 4], ropeTable(theta, 4, T)) }, { rows: 2 });
  const got = await readGuarded(gpu, x);
  expect(got.slice(16)).toEqual(seeded(24, 1).slice(16));
  expect(got.slice(8, 16)).not.toEqual(seeded(24, 1).slice(8, 16));
});
