import { expect, it } from 'vitest';
import { guarded, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { biasBackward, biasForward } from '../reference/bias';
import { worstError } from '../reference/gradientCheck';
import { bias } from './bias';

// Channels one by one and in fours; the last row is not in use.
it.each([
  [2, 3],
  [3, 32],
  [40, 33],
  [9, 64],
])('matches the reference at N=%i C=%i', async (N, C) => {
  const gpu = await testGpu();
  const op = await bias(gpu);
  const [b, y0, dy, dbias0] = [seeded(C, 1), seeded(N * C, 2), seeded(N * C, 3), seeded(C, 4)];
  const y = guarded(gpu, 'y', [N, C], y0);
  const dbias = guarded(gpu, 'dbias', [C], dbias0);
  op.forward(gpu.recorder, { bias: gpu.tensor('bias', [C], b), y }, { rows: N - 1 });
  op.backward(gpu.recorder, { dy: gpu.tensor('dy', [N, C], dy), dbias }, { rows: N - 1 });
  const used = Float64Array.from(y0.subarray(0, (N - 1) * C));
  biasForward(Float64Array.from(b), used);
  const want = Float64Array.from(y0);
  want.set(used);
  const dwant = Float64Array.from(dbias0);
  biasBackward(Float64Array.from(dy.subarray(0, (N - 1) * C)), dwant);
  for (const [tensor, expected] of [
    [y, want],
    [dbias, dwant],
  ] as const) {
    const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 1e-5, rtol: 1e-5 });
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});
