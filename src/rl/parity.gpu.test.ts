import { expect, it } from 'vitest';
import { poison, testGpu } from '../gpu/testGpu';
import { grpoLoss } from '../kernels/grpoLoss';
import { logprob } from '../kernels/logprob';
import { relativeError } from '../reference/recorded';
import { caseInputs, trl, trlGradient } from './trlFixture';

it.each(trl.cases)(
  'the kernels give TRL’s loss and gradient: $lossType, β $klCoef, on policy: $onPolicy',
  async (recorded) => {
    const gpu = await testGpu();
    const [logprobs, loss] = await Promise.all([logprob(gpu), grpoLoss(gpu)]);
    const t = caseInputs(recorded);
    const M = t.target.length;
    const { temperature, clipLow, clipHigh, vocabulary } = trl;
    const logits = gpu.tensor('logits', [M, vocabulary], t.logits);
    const target = gpu.tensor('target', [M], Uint32Array.from(t.target));
    const output = (label: string) => gpu.tensor(label, [M], poison(M));
    const [now, lse, entropy] = [output('logprob'), output('lse'), output('entropy')];
    const [lossOut, coefficient] = [output('loss'), output('coefficient')];
    logprobs.forward(gpu.recorder, { logits, target, logprob: now, lse, entropy }, { temperature });
    loss.forward(
      gpu.recorder,
      {
        logprob: now,
        oldLogprob: gpu.tensor('old', [M], t.oldLogprob),
        referenceLogprob: gpu.tensor('reference', [M], t.referenceLogprob),
        advantage: gpu.tensor('advantage', [M], t.advantage),
        weight: gpu.tensor('weight', [M], t.weight),
        loss: lossOut,
        coefficient,
        stats: gpu.tensor('stats', [M, 3], poison(3 * M)),
      },
      { clipLow, clipHigh, klCoef: recorded.klCoef },
    );
    logprobs.backward(gpu.recorder, { logits, target, lse, coefficient }, { temperature });

    const total = (await gpu.readF32(lossOut)).reduce((a, b) => a + b, 0);
    expect(Math.abs(total - recorded.loss)).toBeLessThan(1e-5);
    expect(relativeError(await gpu.readF32(logits), trlGradient(recorded, t.place))).toBeLessThan(1e-5);
  },
);
