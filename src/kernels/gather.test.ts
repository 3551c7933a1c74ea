import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { gatherBackward, gatherForward } from '../reference/gather';
import { worstError } from '../reference/gradientCheck';
import { gather } from './gather';

const f64 = (a: Float32Array) => Float64Array.from(a);

// M · C below, at and above the workgroup.
it.each([
  [1, 1, 1],
  [5, 3, 7],
  [70, 64, 1],
  [9, 4, 65],
])('matches the reference at N=%i M=%i C=%i', async (N, M, C) => {
  const gpu = await testGpu();
  const op = await gather(gpu);
  const index = Uint32Array.from({ length: M }, (_, m) => N - 1 - m);
  const [x, dy, dx0] = [seeded(N * C, 1), seeded(M * C, 2), seeded(N * C, 3)];
  const t = {
    x: guarded(gpu, 'x', [N, C], x),
    index: gpu.tensor('index', [M], index),
    y: guarded(gpu, 'y', [M, C], poison(M * C)),
    dy: guarded(gpu, 'dy', [M, C], dy),
    dx: guarded(gpu, 'dx', [N, C], dx0),
  };
  op.forward(gpu.recorder, t);
  op.backward(gpu.recorder, t);
  const dx = f64(dx0);
  gatherBackward(f64(dy), index, C, dx);
  expect(f64(await readGuarded(gpu, t.y))).toEqual(gatherForward(f64(x), index, C));
  const worst = worstError(await readGuarded(gpu, t.dx), dx, { atol: 1e-6, rtol: 1e-6 });
  expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await gather(gpu);
  const t = {
    x: gpu.tensor('x', [2, 2], seeded(4, 1)),
    index: gpu.tensor('index', [2], Uint32Array.of(1, 0)),
    y: guarded(gpu, 'y', [2, 2], poison(4)),
  };
  op.forward(gpu.recorder, t, { rows: 1 });
  const x = seeded(4, 1);
  expect([...(await readGuarded(gpu, t.y))]).toEqual([x[2], x[3], Number.NaN, Number.NaN]);
});
