import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { rmsNormBackward, rmsNormForward } from '../reference/rmsNorm';
import { rmsNorm } from './rmsNorm';

const f64 = (a: Float32Array) => Float64Array.from(a);
const eps = 1e-5;

// C below, at and above the workgroup size; N odd. Row 0 is all zeros, where eps decides the result.
it.each([
  [1, 1],
  [3, 7],
  [5, 64],
  [6, 65],
  [4, 300],
])('matches the reference at N=%i C=%i', async (N, C) => {
  const gpu = await testGpu();
  const op = await rmsNorm(gpu);
  const x = seeded(N * C, 1).fill(0, 0, C);
  const weight = seeded(C, 2);
  const dy = seeded(N * C, 3);
  const dx0 = seeded(N * C, 4); // `accumulate` adds to what is there
  const dweight0 = seeded(C, 5);
  const t = {
    x: guarded(gpu, 'x', [N, C], x),
    weight: guarded(gpu, 'weight', [C], weight),
    dy: guarded(gpu, 'dy', [N, C], dy),
    y: guarded(gpu, 'y', [N, C], poison(N * C)),
    rstd: guarded(gpu, 'rstd', [N], poison(N)),
    dx: guarded(gpu, 'dx', [N, C], dx0),
    dweight: guarded(gpu, 'dweight', [C], dweight0),
  };
  op.forward(gpu.recorder, t, { eps });
  op.backward(gpu.recorder, t);
  op.weightBackward(gpu.recorder, t);

  const want = rmsNormForward(f64(x), f64(weight), eps);
  const dx = f64(dx0);
  const dweight = f64(dweight0);
  rmsNormBackward(f64(dy), f64(x), f64(weight), want.rstd, dx, dweight);

  const checks = [
    [t.y, want.y],
    [t.rstd, want.rstd],
    [t.dx, dx],
    [t.dweight, dweight],
  ] as const;
  for (const [tensor, expected] of checks) {
    const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 1e-5, rtol: 1e-5 });
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await rmsNorm(gpu);
  const y = guarded(gpu, 'y', [3, 2], seeded(6, 9));
  const t = {
    x: gpu.tensor('x', [3, 2], seeded(6, 1)),
    weight: gpu.tensor('weight', [2], seeded(2, 2)),
    y,
    rstd: gpu.tensor('rstd', [3]),
  };
  op.forward(gpu.recorder, t, { eps, rows: 2 });
  expect([...(await readGuarded(gpu, y))].slice(4)).toEqual([...seeded(6, 9)].slice(4));
});

it('names the operand whose shape disagrees', async () => {
  const gpu = await testGpu();
  const op = await rmsNorm(gpu);
  const bad = {
    x: gpu.tensor('x', [2, 4]),
    weight: gpu.tensor('weight', [5]),
    y: gpu.tensor('y', [2, 4]),
    rstd: gpu.tensor('rstd', [2]),
  };
  expect(() => op.forward(gpu.recorder, bad, { eps })).toThrow('weight: C is 5 here but 4 elsewhere');
});
