import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { sequenceRatioForward } from '../reference/sequenceRatio';
import { sequenceRatio } from './sequenceRatio';

// Answers below, at and above the workgroup of either kind of adapter, one of them empty. Of several the first has no
// weight at all.
it.each([[[0, 1]], [[0, 7, 15, 15, 24]], [[0, 64, 129, 429, 430]]])(
  'matches the reference for answers that start at %j',
  async (starts) => {
    const gpu = await testGpu();
    const op = await sequenceRatio(gpu);
    const M = starts.at(-1)!;
    const logprob = seeded(M, 1).map((x) => -Math.abs(x));
    const oldLogprob = seeded(M, 2).map((x, m) => (m % 5 === 4 ? Number.NaN : logprob[m]! + x));
    const weight = seeded(M, 3).map((x, m) => (m % 6 === 5 || (starts.length > 2 && m < starts[1]!) ? 0 : Math.abs(x)));
    for (let m = 5; m < M; m += 6) logprob[m] = Number.NaN; // rows of weight 0 are not looked at
    const t = {
      logprob: gpu.tensor('logprob', [M], logprob),
      oldLogprob: gpu.tensor('oldLogprob', [M], oldLogprob),
      weight: gpu.tensor('weight', [M], weight),
      answerStart: gpu.tensor('answerStart', [starts.length + 2], Uint32Array.of(...starts, 9e6, 9e6)),
      logRatio: guarded(gpu, 'logRatio', [M], poison(M)),
    };
    op.forward(gpu.recorder, t, { answers: starts.length - 1 });
    const want = sequenceRatioForward(logprob, oldLogprob, weight, starts);
    const worst = worstError(await readGuarded(gpu, t.logRatio), want, { atol: 2e-6, rtol: 1e-5 });
    expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
  },
);

it('refuses more answers than it has starts for', async () => {
  const gpu = await testGpu();
  const op = await sequenceRatio(gpu);
  const row = (label: string) => gpu.tensor(label, [4]);
  const t = { logprob: row('l'), oldLogprob: row('o'), weight: row('w'), logRatio: row('r') };
  const answerStart = gpu.tensor('s', [2], new Uint32Array(2));
  expect(() => op.forward(gpu.recorder, { ...t, answerStart }, { answers: 2 })).toThrow(/need 3 starts/);
});
