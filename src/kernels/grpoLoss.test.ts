import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/testGpu';
import { worstError } from '../reference/gradientCheck';
import { type GrpoInputs, grpoLossForward } from '../reference/grpoLoss';
import { grpoLoss } from './grpoLoss';

// M below, at and above the workgroup.
it.each([
  [1, 0],
  [63, 0.1],
  [64, 0],
  [65, 0.04],
  [300, 0.1],
])('matches the reference at M=%i, klCoef %d', async (M, klCoef) => {
  const gpu = await testGpu();
  const op = await grpoLoss(gpu);
  const logprob = seeded(M, 1).map((x) => -Math.abs(x));
  const inputs = {
    logprob,
    oldLogprob: seeded(M, 2).map((x, m) => (m % 5 === 4 ? Number.NaN : logprob[m]! + 0.3 * x)),
    referenceLogprob: klCoef > 0 ? seeded(M, 3).map((x, m) => logprob[m]! + x) : poison(M),
    advantage: seeded(M, 4).map((x, m) => (m % 7 === 3 ? 0 : x)),
    weight: seeded(M, 5).map((x, m) => (m % 6 === 5 ? 0 : Math.abs(x))),
  } satisfies GrpoInputs;
  for (let m = 5; m < M; m += 6) {
    for (const name of ['logprob', 'oldLogprob', 'referenceLogprob', 'advantage'] as const)
      inputs[name][m] = Number.NaN;
  }
  const t = {
    logprob: gpu.tensor('logprob', [M], inputs.logprob),
    oldLogprob: gpu.tensor('oldLogprob', [M], inputs.oldLogprob),
    referenceLogprob: gpu.tensor('referenceLogprob', [M], inputs.referenceLogprob),
    advantage: gpu.tensor('advantage', [M], inputs.advantage),
    weight: gpu.tensor('weight', [M], inputs.weight),
    loss: guarded(gpu, 'loss', [M], poison(M)),
    coefficient: guarded(gpu, 'coefficient', [M], poison(M)),
    stats: guarded(gpu, 'stats', [M, 3], poison(3 * M)),
  };
  op.forward(gpu.recorder, t, { clipLow: 0.2, clipHigh: 0.28, klCoef });
  const want = grpoLossForward(inputs, 0.2, 0.28, klCoef);
  for (const name of ['loss', 'coefficient', 'stats'] as const) {
    const worst = worstError(await readGuarded(gpu, t[name]), want[name], { atol: 2e-6, rtol: 1e-5 });
    expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await grpoLoss(gpu);
  const ones = () => gpu.tensor('ones', [3], Float32Array.of(1, 1, 1));
  const [logprob, oldLogprob, referenceLogprob, advantage, weight] = [ones(), ones(), ones(), ones(), ones()];
  const outputs = { loss: gpu.tensor('loss', [3], poison(3)), coefficient: gpu.tensor('coefficient', [3]) };
  const t = { logprob, oldLogprob, referenceLogprob, advantage, weight, ...outputs, stats: gpu.tensor('s', [3, 3]) };
  op.forward(gpu.recorder, t, { rows: 2, clipLow: 0.2, clipHigh: 0.2, klCoef: 0 });
  expect([...(await gpu.readF32(t.loss))]).toEqual([-1, -1, Number.NaN]);
});
