import type { ModelConfig } from '../src/domain/model';
import { type Recipe, recipeSchema } from '../src/domain/recipe/recipe';
import { samplingSchema } from '../src/domain/recipe/sampling';
import { sourceGpu } from '../src/gpu/test/sourceGpu';
import { LanguageModel } from '../src/model/languageModel';
import type { MicroBatch } from '../src/model/microBatch';
import { type Formats, memoryPlan, sizesOf } from '../src/model/plan';
import { CARD, QWEN3_06B, QWEN3_17B, recipeOf, zeroWeights } from './shapes';

type Print = (line: string) => void;

const GRADER_TOKENS = 400;
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/**
 * Planned bytes by purpose, and dispatches and bytes allocated by a model of that shape on a device that runs nothing:
 * exact figures of any card, from any machine.
 */
export async function counts(print: Print): Promise<void> {
  const models: [string, ModelConfig, Formats][] = [
    ['Qwen3-0.6B, q4 and q8', QWEN3_06B, { projections: 'q4', embedding: 'q8' }],
    ['Qwen3-0.6B, bf16', QWEN3_06B, { projections: 'bf16', embedding: 'bf16' }],
    ['Qwen3-1.7B, q4 and q8', QWEN3_17B, { projections: 'q4', embedding: 'q8' }],
  ];
  for (const [name, model, formats] of models) {
    for (const answers of [32, 512]) {
      const run = recipeSchema.parse(recipeOf(answers));
      const plan = memoryPlan({ model, run, facts: CARD, graderTokens: GRADER_TOKENS, writerTokens: 0 }, formats);
      const parts = plan.parts.filter(({ bytes }) => bytes > 0).map((part) => `${part.name} ${MB(part.bytes)}`);
      print(`${name}, LoRA, P·G = ${answers}, 512 + 512 tokens: planned ${MB(plan.bytes)} (${parts.join(', ')})`);
    }
  }
  for (const [name, model, formats] of models.slice(0, 2)) await dispatches(print, name, model, formats);
}

async function dispatches(print: Print, name: string, config: ModelConfig, formats: Formats): Promise<void> {
  const { gpu } = sourceGpu(CARD);
  const run: Recipe = recipeSchema.parse(recipeOf(32));
  const sizes = sizesOf({ model: config, run, facts: CARD, graderTokens: GRADER_TOKENS, writerTokens: 0 });
  const weights = zeroWeights(gpu, config, formats);
  const model = await LanguageModel.open(gpu, weights, { trainable: run.trainable, sizes, seed: 1 });
  const counted = async (call: () => Promise<unknown>) => {
    const before = { ...gpu.counters };
    const start = performance.now();
    await call();
    return {
      dispatches: gpu.counters.dispatches - before.dispatches,
      made: gpu.counters.bindGroups - before.bindGroups + (gpu.counters.buffers - before.buffers),
      ms: performance.now() - start,
    };
  };

  const B = 8;
  const requests = Array.from({ length: B }, (_, b) => ({ tokens: Int32Array.of(b + 1), seed: b }));
  const options = { endTokens: [], adapter: true };
  // A prompt of one token is itself the first decoding row. Endless answers: what is read back is never a stop token.
  const decode = (tokens: number) => () =>
    model.generate(requests, { ...options, sampling: samplingSchema.parse({ maxNewTokens: tokens }) });
  await decode(32)();
  const warm = await counted(decode(256));
  print(
    `${name}: ${(warm.dispatches / 256).toFixed(1)} dispatches a decoded token of ${B} sequences with adapter, ` +
      `${((1000 * warm.ms) / warm.dispatches).toFixed(2)} µs of our own JavaScript each, ${warm.made} objects made`,
  );
  const batch = microBatch(1024, 512);
  const step = () =>
    model.train([batch], {
      loss: { clipLow: 0.2, clipHigh: 0.2, klCoef: 0 },
      optimizer: { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0, maxGradNorm: 1 },
      learningRate: 1e-5,
      temperature: 1,
    });
  await step();
  const trained = await counted(step);
  print(
    `${name}: ${trained.dispatches} dispatches a training micro-batch of 1,024 tokens and its optimizer step, ` +
      `${((1000 * trained.ms) / trained.dispatches).toFixed(2)} µs of our own JavaScript each, ${trained.made} objects made`,
  );
  print(`${name}: ${MB(gpu.counters.bytes)} allocated for P·G = 32`);
}

/** One sequence of N tokens whose last `answered` are the answer. */
function microBatch(N: number, answered: number): MicroBatch {
  const rows = Int32Array.from({ length: answered }, (_, i) => N - answered - 1 + i);
  const floats = (value: number) => new Float32Array(answered).fill(value);
  return {
    tokens: Int32Array.from({ length: N }, (_, n) => n + 1),
    starts: Int32Array.of(0, N),
    lossRow: rows,
    target: rows,
    weight: floats(1 / answered),
    advantage: floats(1),
    oldLogprob: floats(Number.NaN),
    referenceLogprob: floats(0),
  };
}
