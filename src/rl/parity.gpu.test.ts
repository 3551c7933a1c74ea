import { expect, it } from 'vitest';
import { poison, testGpu } from '../gpu/test/testGpu';
import { grpoLoss } from '../kernels/grpoLoss';
import { logprob } from '../kernels/logprob';
import { sequenceRatio } from '../kernels/sequenceRatio';
import { totalLoss } from '../reference/grpoLoss';
import { relativeError } from '../reference/recorded';
import { caseInputs, caseName, trl, trlGradient } from './test/trlFixture';

const named = trl.cases.map((recorded) => ({ name: caseName(recorded), recorded }));

it.each(named)('the kernels give TRL’s loss and gradient: $name', async ({ recorded }) => {
  const gpu = await testGpu();
  const [logprobs, ratios, loss] = await Promise.all([logprob(gpu), sequenceRatio(gpu), grpoLoss(gpu)]);
  const t = caseInputs(recorded);
  const M = t.target.length;
  const { temperature, vocabulary } = trl;
  const logits = gpu.tensor('logits', [M, vocabulary], t.logits);
  const target = gpu.tensor('target', [M], Uint32Array.from(t.target));
  const output = (label: string, width = 1) => gpu.tensor(label, width === 1 ? [M] : [M, width], poison(width * M));
  const [now, lse, entropy, logRatio] = [output('logprob'), output('lse'), output('entropy'), output('log ratio')];
  const [coefficient, stats] = [output('coefficient'), output('stats', 4)];
  const oldLogprob = gpu.tensor('old', [M], t.oldLogprob);
  const weight = gpu.tensor('weight', [M], t.weight);
  const answerStart = gpu.tensor('answer start', [t.answerStart.length], t.answerStart);
  const known = {
    logprob: now,
    oldLogprob,
    sequenceLogRatio: logRatio,
    referenceLogprob: gpu.tensor('reference', [M], t.referenceLogprob),
    advantage: gpu.tensor('advantage', [M], t.advantage),
    weight,
  };
  const to = gpu.recorder;
  logprobs.forward(to, { logits, target, logprob: now, lse, entropy }, { temperature });
  const answers = t.answerStart.length - 1;
  if (recorded.type === 'gspo') {
    ratios.forward(to, { logprob: now, oldLogprob, weight, answerStart, logRatio }, { answers });
  }
  loss.forward(to, { ...known, coefficient, stats }, t.options);
  const bonus = t.entropyWeight;
  logprobs.backward(to, { logits, target, lse, coefficient, entropy, weight }, { temperature, bonus });

  const entropies = (await gpu.readF32(entropy)).reduce((a, b) => a + b, 0);
  const total = totalLoss(await gpu.readF32(stats)) - bonus * entropies;
  expect(Math.abs(total - recorded.loss)).toBeLessThan(1e-5);
  expect(relativeError(await gpu.readF32(logits), trlGradient(recorded, t.place))).toBeLessThan(1e-5);
});
