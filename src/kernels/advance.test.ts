import { expect, it } from 'vitest';
import { guarded, readGuarded, testGpu } from '../gpu/test/testGpu';
import { advance as advanceReference } from '../reference/advance';
import { advance } from './advance';

const filled = (n: number, f: (i: number) => number) => Uint32Array.from({ length: n }, (_, i) => f(i));

it('carries tokens on, and holds the rows that ended', async () => {
  const gpu = await testGpu();
  const op = await advance(gpu);
  const [S, N, rows] = [70, 80, 66];
  const token = filled(S, (b) => b);
  const stops = new Set([35]);
  const want = {
    limit: filled(S, (b) => ({ 10: 101, 11: 102, 20: 0 })[b] ?? 500), // 10 may get nothing more, 11 one token, 20 has ended
    rowToken: filled(N, () => 7),
    rowPosition: filled(N, () => 100),
  };
  const history0 = filled(2 * S * 3, () => 9);
  const score = Float32Array.from({ length: 2 * S }, (_, i) => -i / 8);
  const t = {
    token: gpu.tensor('token', [S], token),
    score: gpu.tensor('score', [S, 2], score),
    stop: gpu.tensor('stop', [3], Uint32Array.of(0, 1 << (35 - 32), 0)),
    limit: guarded(gpu, 'limit', [S], want.limit),
    rowToken: guarded(gpu, 'rowToken', [N], want.rowToken),
    rowPosition: guarded(gpu, 'rowPosition', [N], want.rowPosition),
    history: guarded(gpu, 'history', [2, S, 3], history0),
  };
  op.forward(gpu.recorder, t, { rows, step: 1 });
  advanceReference(token, stops, want, rows);

  for (const tensor of [t.limit, t.rowToken, t.rowPosition, t.history]) await readGuarded(gpu, tensor);
  const read = async (tensor: typeof t.limit, n: number) => (await gpu.readU32(tensor)).subarray(0, n);
  expect([10, 11, 20, 35, 36].map((b) => want.limit[b])).toEqual([0, 102, 0, 0, 500]);
  expect(await read(t.limit, S)).toEqual(want.limit);
  expect(await read(t.rowToken, N)).toEqual(want.rowToken);
  expect(await read(t.rowPosition, N)).toEqual(want.rowPosition);
  const bits = new Uint32Array(score.buffer);
  const history = history0.slice();
  for (let b = 0; b < rows; b++) history.set([token[b]!, bits[2 * b]!, bits[2 * b + 1]!], 3 * (S + b));
  expect(await read(t.history, 2 * S * 3)).toEqual(history);
});
