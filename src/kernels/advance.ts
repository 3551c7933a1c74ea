import advanceWgsl from '../../shaders/advance.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

const SHAPES = {
  token: 'S',
  score: 'S 2',
  stop: 'W',
  limit: 'S',
  rowToken: 'N',
  rowPosition: 'N',
  history: 'K S 3',
} as const;

/** Carries sampled tokens into the next decoding step, so that many steps can be recorded without a read-back. */
export async function advance(gpu: Gpu) {
  const kernel = await compile(gpu, {
    label: 'advance',
    source: [advanceWgsl],
    bindings: {
      token: 'read',
      score: 'read',
      stop: 'read',
      limit: 'update',
      rowToken: 'update',
      rowPosition: 'update',
      history: 'write',
    },
    params: { B: 'u32', S: 'u32', step: 'u32' },
  });

  return {
    /**
     * token (S), score (S, 2) of this step → history[step] (S, 3) u32 = token, bits of logprob and entropy; live rows
     * get their token and the next position. `stop` (ceil(V / 32)) is a bitset of tokens that end a row, `limit` (S)
     * the position of the last token it may get.
     */
    forward(to: Recorder, t: Record<keyof typeof SHAPES, Tensor>, { rows, step }: { rows: number; step: number }) {
      const { S } = dims(SHAPES, t);
      kernel.record(to, t, { B: rows, S: S!, step }, Math.ceil(rows / 64));
    },
  };
}
