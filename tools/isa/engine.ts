import type { Gpu } from '../../src/gpu/gpu';
import { advance } from '../../src/kernels/advance';
import { ALL_FORMATS } from '../../src/kernels/gemm/gemmVariants';
import { sample } from '../../src/kernels/sample';
import { compileOps } from '../../src/model/ops';

/** What the pipelines of a model depend on. */
const MODELS = [
  { family: 'llama', headSize: 64, heads: 9, keyValueHeads: 3 }, // SmolLM2-135M
  { family: 'qwen3', headSize: 128, heads: 16, keyValueHeads: 8 }, // Qwen3-0.6B and 1.7B
  { family: 'gemma3', headSize: 256, heads: 4, keyValueHeads: 1 }, // Gemma-3-1B
] as const;

/** Every pipeline that the engine makes for these models on an adapter, weights in any format. */
export async function compileEngine(gpu: Gpu): Promise<void> {
  for (const model of MODELS) await compileOps(gpu, model as never, ALL_FORMATS);
  await sample(gpu);
  await advance(gpu);
}
