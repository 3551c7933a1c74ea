import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { type GrpoInputs, grpoLossForward } from '../reference/grpoLoss';
import { grpoLoss, type TokenLoss } from './grpoLoss';

const clip = { clipLow: 0.2, clipHigh: 0.28 };

// M below, at and above the workgroup.
it.each<[number, TokenLoss]>([
  [1, { ...clip, klCoef: 0 }],
  [63, { ...clip, klCoef: 0.1 }],
  [64, { ...clip, klCoef: 0, type: 'gspo' }],
  [65, { ...clip, klCoef: 0.04, clipCap: 1.4 }],
  [65, { ...clip, klCoef: 0.1, klKind: 'k1', type: 'cispo', clipHigh: 1.1 }],
  [300, { ...clip, klCoef: 0.1, klKind: 'k2' }],
  [300, { ...clip, klCoef: 0.1, klKind: 'lowVar', type: 'gspo', clipCap: 1.3 }],
])('matches the reference at M=%i, %j', async (M, options) => {
  const gpu = await testGpu();
  const op = await grpoLoss(gpu);
  const logprob = seeded(M, 1).map((x) => -Math.abs(x));
  const inputs = {
    logprob,
    oldLogprob: seeded(M, 2).map((x, m) => (m % 5 === 4 ? Number.NaN : logprob[m]! + 0.3 * x)),
    sequenceLogRatio: options.type === 'gspo' ? seeded(M, 6).map((x) => 0.3 * x) : poison(M),
    // Far enough for low-var to meet its bound.
    referenceLogprob: options.klCoef > 0 ? seeded(M, 3).map((x, m) => logprob[m]! + 1.7 * x) : poison(M),
    advantage: seeded(M, 4).map((x, m) => (m % 7 === 3 ? 0 : x)),
    weight: seeded(M, 5).map((x, m) => (m % 6 === 5 ? 0 : Math.abs(x))),
  } satisfies GrpoInputs;
  for (let m = 5; m < M; m += 6) {
    for (const name of ['logprob', 'oldLogprob', 'sequenceLogRatio', 'referenceLogprob', 'advantage'] as const)
      inputs[name][m] = Number.NaN;
  }
  const t = {
    logprob: gpu.tensor('logprob', [M], inputs.logprob),
    oldLogprob: gpu.tensor('oldLogprob', [M], inputs.oldLogprob),
    sequenceLogRatio: gpu.tensor('sequenceLogRatio', [M], inputs.sequenceLogRatio),
    referenceLogprob: gpu.tensor('referenceLogprob', [M], inputs.referenceLogprob),
    advantage: gpu.tensor('advantage', [M], inputs.advantage),
    weight: gpu.tensor('weight', [M], inputs.weight),
    coefficient: guarded(gpu, 'coefficient', [M], poison(M)),
    stats: guarded(gpu, 'stats', [M, 4], poison(4 * M)),
  };
  op.forward(gpu.recorder, t, options);
  const want = grpoLossForward(inputs, options);
  for (const name of ['coefficient', 'stats'] as const) {
    const worst = worstError(await readGuarded(gpu, t[name]), want[name], { atol: 2e-6, rtol: 1e-5 });
    expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await grpoLoss(gpu);
  const ones = () => gpu.tensor('ones', [3], Float32Array.of(1, 1, 1));
  const [logprob, oldLogprob, sequenceLogRatio, referenceLogprob] = [ones(), ones(), ones(), ones()];
  const inputs = { logprob, oldLogprob, sequenceLogRatio, referenceLogprob, advantage: ones(), weight: ones() };
  const outputs = { coefficient: gpu.tensor('coefficient', [3], poison(3)), stats: gpu.tensor('stats', [3, 4]) };
  op.forward(gpu.recorder, { ...inputs, ...outputs }, { rows: 2, clipLow: 0.2, clipHigh: 0.2, klCoef: 0 });
  expect([...(await gpu.readF32(outputs.coefficient))]).toEqual([-1, -1, Number.NaN]);
});
