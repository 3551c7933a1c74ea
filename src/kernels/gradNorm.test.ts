import { expect, it } from 'vitest';
import { view } from '../gpu/tensor';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { gradNormForward } from '../reference/gradNorm';
import { gradNorm, partialsFor } from './gradNorm';

async function norm(grads: Float32Array[], maxGradNorm: number) {
  const gpu = await testGpu();
  const op = await gradNorm(gpu);
  const counts = grads.map((grad) => partialsFor(grad.length));
  const P = counts.reduce((a, b) => a + b);
  const partial = gpu.tensor('partial', [P], poison(P));
  const scale = guarded(gpu, 'scale', [4], poison(4));
  let start = 0;
  grads.forEach((grad, i) => {
    const slice = view('slice', [counts[i]!], partial.buffer, { offset: 4 * start });
    op.forward(gpu.recorder, { grad: guarded(gpu, 'grad', [grad.length], grad), partial: slice });
    start += counts[i]!;
  });
  op.finish(gpu.recorder, { partial, scale }, { maxGradNorm });
  return [...(await readGuarded(gpu, scale))];
}

// Sizes below, at and above the stretches and the workgroup; one or several pooled buffers.
it.each([
  [[1], 1],
  [[63], 0.1],
  [[64, 65], 1],
  [[4097, 1, 700], 1000],
  [[1 << 21], 1],
])('matches the reference for sizes %j, clip %d', async (sizes, maxGradNorm) => {
  const grads = sizes.map((n, i) => seeded(n, i + 1));
  const want = gradNormForward(
    grads.map((grad) => Float64Array.from(grad)),
    maxGradNorm,
  );
  const worst = worstError(await norm(grads, maxGradNorm), want, { atol: 1e-7, rtol: 1e-5 });
  expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e30])('says when a gradient of %d makes it not finite', async (bad) => {
  const grad = seeded(200, 1).fill(bad, 150, 151);
  const [value, scale, finite] = await norm([seeded(100, 1), grad], 1);
  expect(Number.isFinite(value)).toBe(false);
  expect([scale, finite]).toEqual([0, 0]);
});

it('gives the same bits again', async () => {
  const grads = [seeded(100_003, 1)];
  expect(await norm(grads, 1)).toEqual(await norm(grads, 1));
});
