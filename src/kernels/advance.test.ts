import { expect, it } from 'vitest';
import { guarded, readGuarded, testGpu } from '../gpu/testGpu';
import { advance } from './advance';

it('carries tokens on, and holds the rows that ended', async () => {
  const gpu = await testGpu();
  const op = await advance(gpu);
  const [S, N, rows] = [70, 80, 66];
  const filled = (n: number, f: (i: number) => number) => Uint32Array.from({ length: n }, (_, i) => f(i));
  const history0 = filled(2 * S * 3, () => 9);
  const t = {
    token: gpu.tensor(
      'token',
      [S],
      filled(S, (b) => b),
    ),
    score: gpu.tensor(
      'score',
      [S, 2],
      Float32Array.from({ length: 2 * S }, (_, i) => -i / 8),
    ),
    stop: gpu.tensor('stop', [3], Uint32Array.of(0, 1 << 3, 0)), // token 35 ends a row
    limit: guarded(
      gpu,
      'limit',
      [S],
      filled(S, (b) => (b === 10 ? 101 : b === 20 ? 0 : 500)),
    ),
    rowToken: guarded(
      gpu,
      'rowToken',
      [N],
      filled(N, () => 7),
    ),
    rowPosition: guarded(
      gpu,
      'rowPosition',
      [N],
      filled(N, () => 100),
    ),
    history: guarded(gpu, 'history', [2, S, 3], history0),
  };
  op.forward(gpu.recorder, t, { rows, step: 1 });
  for (const tensor of [t.limit, t.rowToken, t.rowPosition, t.history]) await readGuarded(gpu, tensor);

  const ended = (b: number) => b === 35 || b === 10 || b === 20;
  const read = async (tensor: typeof t.limit, n: number) => (await gpu.readU32(tensor)).subarray(0, n);
  expect(await read(t.rowToken, N)).toEqual(filled(N, (b) => (b >= rows || ended(b) ? 7 : b)));
  expect(await read(t.rowPosition, N)).toEqual(filled(N, (b) => (b >= rows || ended(b) ? 100 : 101)));
  expect(await read(t.limit, S)).toEqual(filled(S, (b) => (ended(b) ? 0 : 500)));
  const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const want = history0.slice();
  for (let b = 0; b < rows; b++) want.set([b, bits(-(2 * b) / 8), bits(-(2 * b + 1) / 8)], 3 * (S + b));
  expect(await read(t.history, 2 * S * 3)).toEqual(want);
});
