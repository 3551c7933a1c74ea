import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../../gpu/test/testGpu';
import { worstError } from '../../reference/gradientCheck';
import type { swigluBackward, swigluForward } from '../../reference/swiglu';
import type { swiglu } from '../swiglu';

const f64 = (a: Float32Array) => Float64Array.from(a);

/** A gated unit agrees with its plain loops, and leaves rows that are not in use alone. */
export function testGatedUnit(unit: typeof swiglu, forward: typeof swigluForward, backward: typeof swigluBackward) {
  // Elements below, at and above the workgroup size. Two gates are so large that a careless exponential overflows.
  it.each([
    [1, 3],
    [2, 32],
    [5, 13],
    [7, 96],
  ])('matches the reference at N=%i F=%i', async (N, F) => {
    const gpu = await testGpu();
    const op = await unit(gpu);
    const gate = seeded(N * F, 1).map((x) => 4 * x);
    gate.set([-200, 200]);
    const [up, dy] = [seeded(N * F, 2), seeded(N * F, 3)];
    const t = {
      gate: gpu.tensor('gate', [N, F], gate),
      up: gpu.tensor('up', [N, F], up),
      dy: gpu.tensor('dy', [N, F], dy),
      y: guarded(gpu, 'y', [N, F], poison(N * F)),
      dgate: guarded(gpu, 'dgate', [N, F], poison(N * F)),
      dup: guarded(gpu, 'dup', [N, F], poison(N * F)),
    };
    op.forward(gpu.recorder, t);
    op.backward(gpu.recorder, t);

    const [dgate, dup] = [new Float64Array(N * F), new Float64Array(N * F)];
    backward(f64(dy), f64(gate), f64(up), dgate, dup);
    for (const [tensor, expected] of [
      [t.y, forward(f64(gate), f64(up))],
      [t.dgate, dgate],
      [t.dup, dup],
    ] as const) {
      const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 1e-5, rtol: 1e-5 });
      expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
  });

  it('leaves rows beyond `rows` alone', async () => {
    const gpu = await testGpu();
    const op = await unit(gpu);
    const y = guarded(gpu, 'y', [3, 2], seeded(6, 9));
    const t = { gate: gpu.tensor('gate', [3, 2], seeded(6, 1)), up: gpu.tensor('up', [3, 2], seeded(6, 2)), y };
    op.forward(gpu.recorder, t, { rows: 2 });
    expect((await readGuarded(gpu, y)).slice(4)).toEqual(seeded(6, 9).slice(4));
  });
}
