import finiteWgsl from '../../shaders/lib/finite.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import sequenceRatioWgsl from '../../shaders/sequenceRatio.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { reduction } from './reduction';

/** One log ratio per answer, for GSPO (Zheng et al. 2025). reference/sequenceRatio.ts has the plain loops. */
export async function sequenceRatio(gpu: Gpu) {
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, gpu.facts.software ? 8 : 64);
  const kernel = await compile(gpu, {
    label: 'sequenceRatio',
    source: [reduceWgsl, gridWgsl, finiteWgsl, sequenceRatioWgsl],
    bindings: { logprob: 'read', oldLogprob: 'read', weight: 'read', answerStart: 'read', logRatio: 'write' },
    params: { B: 'u32' },
    ...settings,
  });
  return {
    /**
     * logprob, oldLogprob (NaN: on policy), weight (M), answerStart (at least B + 1) u32 → logRatio (M), the mean of
     * each answer's rows.
     */
    forward(
      to: Recorder,
      t: Record<'logprob' | 'oldLogprob' | 'weight' | 'answerStart' | 'logRatio', Tensor>,
      { answers }: { answers: number },
    ) {
      const { S } = dims({ logprob: 'M', oldLogprob: 'M', weight: 'M', logRatio: 'M', answerStart: 'S' }, t);
      if (answers + 1 > S!) throw new Error(`${answers} answers need ${answers + 1} starts, there are ${S}`);
      kernel.record(to, t, { B: answers }, grid(answers));
    },
  };
}
