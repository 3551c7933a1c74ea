import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { attentionBackward, attentionForward } from '../reference/attention';
import { worstError } from '../reference/gradientCheck';
import { attention } from './attention';

const f64 = (a: Float32Array) => Float64Array.from(a);

// A sliding window is another start and another end for each row: both still rise, but differ within a sequence.
it.each(
  (['plain', 'subgroup', 'workgroup'] as const).flatMap((variant) =>
    [1, 5, 33].map((window) => ({ variant, window, lengths: [45, 1, 30] })),
  ),
)(
  '$variant: a window of $window over sequences of $lengths',
  async ({ variant, window, lengths }) => {
    const gpu = await testGpu();
    const [H, K, D] = [3, 1, 8];
    const op = await attention(gpu, { headSize: D, variant });
    const start: number[] = [];
    const end: number[] = [];
    for (const length of lengths) {
      const first = start.length;
      for (let n = first; n < first + length; n++) {
        start.push(Math.max(first, n + 1 - window));
        end.push(Math.min(first + length, n + window));
      }
    }
    const N = start.length;
    const [q, dO] = [seeded(N * H * D, 1), seeded(N * H * D, 4)];
    const [k, v] = [seeded(N * K * D, 2), seeded(N * K * D, 3)];
    const t = {
      q: gpu.tensor('q', [N, H, D], q),
      k: gpu.tensor('k', [N, K, D], k),
      v: gpu.tensor('v', [N, K, D], v),
      dO: gpu.tensor('dO', [N, H, D], dO),
      start: gpu.tensor('start', [N], Uint32Array.from(start)),
      end: gpu.tensor('end', [N], Uint32Array.from(end)),
      o: guarded(gpu, 'o', [N, H, D], poison(N * H * D)),
      lse: guarded(gpu, 'lse', [N, H], poison(N * H)),
      delta: guarded(gpu, 'delta', [N, H], poison(N * H)),
      dq: guarded(gpu, 'dq', [N, H, D], poison(N * H * D)),
      dk: guarded(gpu, 'dk', [N, K, D], poison(N * K * D)),
      dv: guarded(gpu, 'dv', [N, K, D], poison(N * K * D)),
    };
    op.forward(gpu.recorder, t);
    op.backward(gpu.recorder, t);

    const want = attentionForward(f64(q), f64(k), f64(v), start, { H, K, D });
    const [dq, dk, dv] = [new Float64Array(N * H * D), new Float64Array(N * K * D), new Float64Array(N * K * D)];
    attentionBackward(f64(dO), f64(q), f64(k), f64(v), want.o, want.lse, start, { H, K, D }, dq, dk, dv);
    for (const [tensor, expected] of [
      [t.o, want.o],
      [t.dq, dq],
      [t.dk, dk],
      [t.dv, dv],
    ] as const) {
      const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 3e-5, rtol: 3e-5 });
      expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
  },
  300_000,
);
