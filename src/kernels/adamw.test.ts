import { expect, it } from 'vitest';
import { guarded, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { adamwForward } from '../reference/adamw';
import { worstError } from '../reference/gradientCheck';
import { adamw } from './adamw';

const options = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1 };
const f64 = (a: Float32Array) => Float64Array.from(a);

// n below, at and above the 256 elements of a workgroup.
it.each([1, 63, 256, 257, 1000])('follows the reference for three steps at n=%i', async (n) => {
  const gpu = await testGpu();
  const op = await adamw(gpu);
  const start = {
    parameter: seeded(n, 1),
    grad: seeded(n, 2),
    m: seeded(n, 3).map((x) => x / 10),
    v: seeded(n, 4).map(Math.abs),
  };
  const t = {
    parameter: guarded(gpu, 'parameter', [n], start.parameter),
    grad: guarded(gpu, 'grad', [n], start.grad),
    m: guarded(gpu, 'm', [n], start.m),
    v: guarded(gpu, 'v', [n], start.v),
    scale: gpu.tensor('scale', [4], Float32Array.of(4, 0.25, 1, 0)),
  };
  const want = { parameter: f64(start.parameter), grad: f64(start.grad), m: f64(start.m), v: f64(start.v) };
  for (let step = 1; step <= 3; step++) {
    op.forward(gpu.recorder, t, { ...options, step });
    adamwForward(want, 0.25, { ...options, step });
    expect([...(await readGuarded(gpu, t.grad))]).toEqual(new Array(n).fill(0));
    gpu.write(t.grad, seeded(n, 10 + step));
    want.grad.set(f64(seeded(n, 10 + step)));
  }
  for (const name of ['parameter', 'm', 'v'] as const) {
    const worst = worstError(await readGuarded(gpu, t[name]), want[name], { atol: 1e-6, rtol: 1e-5 });
    expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('changes nothing when the norm was not finite', async () => {
  const gpu = await testGpu();
  const op = await adamw(gpu);
  const n = 300;
  const t = {
    parameter: gpu.tensor('parameter', [n], seeded(n, 1)),
    grad: gpu.tensor('grad', [n], seeded(n, 2).fill(Number.NaN, 7, 8)),
    m: gpu.tensor('m', [n], seeded(n, 3)),
    v: gpu.tensor('v', [n], seeded(n, 4).map(Math.abs)),
    scale: gpu.tensor('scale', [4], Float32Array.of(Number.NaN, 0, 0, 0)),
  };
  op.forward(gpu.recorder, t, { ...options, step: 1 });
  expect(await gpu.readF32(t.parameter)).toEqual(seeded(n, 1));
  expect(await gpu.readF32(t.grad)).toEqual(seeded(n, 2).fill(Number.NaN, 7, 8));
  expect(await gpu.readF32(t.m)).toEqual(seeded(n, 3));
  expect(await gpu.readF32(t.v)).toEqual(seeded(n, 4).map(Math.abs));
});
