import type { Gpu } from '../../gpu/gpu';
import { releaseWeight, zeroWeight } from '../weights/weightUpload';
import { gemm } from './gemm';
import { tableOf } from './gemmCheck';
import type { GemmRule } from './gemmVariants';

export interface MatrixShape {
  /** Input channels. */
  readonly K: number;
  /** Output channels. */
  readonly N: number;
}

const ROUNDS = 3;
/** How long a round should be, so that submitting it counts for little. */
const ROUND_MS = 3;

/**
 * Milliseconds of one pass of a rule's variant over all shapes with `rows` rows: the best of three rounds. Ends early,
 * with the best so far, when that is more than `enough`. Weights and activations are zeros: their values cost nothing.
 */
export async function timeOf(
  gpu: Gpu,
  rule: GemmRule,
  shapes: readonly MatrixShape[],
  rows: number,
  enough = Number.POSITIVE_INFINITY,
): Promise<number> {
  const op = await gemm(gpu, { table: tableOf(rule) });
  const format = rule.formats[0]!;
  await op.prepare(format);
  let ms = 0;
  for (const { K, N } of shapes) {
    const weight = zeroWeight(gpu, 'tuner', { format, K, N });
    const x = gpu.tensor('tuner x', [rows, K]);
    const y = gpu.tensor('tuner y', [rows, N]);
    const run = async (count: number) => {
      const start = performance.now();
      for (let i = 0; i < count; i++) {
        if (rule.orientation === 'forward') op.forward(gpu.recorder, { x, y }, weight);
        else if (rule.orientation === 'inputGrad') op.inputGrad(gpu.recorder, { dy: y, dx: x }, weight);
        else op.weightGrad(gpu.recorder, { x, dy: y }, weight);
      }
      await gpu.done();
      return (performance.now() - start) / count;
    };
    let best = await run(2);
    if (ms + best < 2 * enough) {
      const count = Math.max(2, Math.min(50, Math.ceil(ROUND_MS / best)));
      for (let i = 0; i < ROUNDS; i++) best = Math.min(best, await run(count));
    }
    ms += best;
    releaseWeight(gpu, weight);
    for (const { buffer } of [x, y]) gpu.release(buffer);
    if (ms > enough) break;
  }
  return ms;
}
