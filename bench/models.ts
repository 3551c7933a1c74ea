import { readdirSync } from 'node:fs';
import type { Example } from '../src/domain/example';
import type { MemoryPlan } from '../src/domain/memoryPlan';
import type { Recipe, RecipeInput } from '../src/domain/recipe/recipe';
import type { Gpu } from '../src/gpu/gpu';
import { modelAt } from '../src/hosts/cli/input/modelAt';
import { memoryNeeds, planInput, planRun } from '../src/lab/models/memoryNeeds';
import type { OpenModel } from '../src/lab/models/openModel';
import { completeRecipe } from '../src/lab/run/completeRecipe';
import { LanguageModel } from '../src/model/languageModel';
import { sizesOf } from '../src/model/plan';
import { loadWeights } from '../src/model/weights';

export const TINY = 'public/models/tiny';
const CACHE = '.cache/models';

/** The GGUF file that tools/fetchSmolLM2.mjs left, if it was called. */
export function smolLM2(): string | null {
  try {
    const name = readdirSync(CACHE).find((file) => /^SmolLM2.*\.gguf$/.test(file));
    return name ? `${CACHE}/${name}` : null;
  } catch {
    return null;
  }
}

export interface Opened {
  readonly opened: OpenModel;
  readonly run: Recipe;
  readonly plan: MemoryPlan;
  readonly model: LanguageModel;
  /** Bytes allocated while it was opened, at most. */
  readonly peakBytes: number;
  /** Gives all of its GPU memory back. */
  release(): void;
}

/** A checkpoint ready for a run of `config`, as the lab makes it. */
export async function openAt(
  gpu: Gpu,
  path: string,
  config: RecipeInput,
  examples: readonly Example[] = [],
): Promise<Opened> {
  const opened = await modelAt(path);
  const run = completeRecipe(config, opened);
  const input = planInput(memoryNeeds(run, opened, examples), opened, gpu.facts);
  const full = run.trainable.kind === 'full';
  const before = gpu.counters.bytes;
  const weights = await loadWeights(gpu, opened.checkpoint, full ? { as: 'f32' } : {});
  const model = await LanguageModel.open(gpu, weights, { trainable: run.trainable, sizes: sizesOf(input), seed: 1 });
  const peakBytes = gpu.counters.bytes - before;
  if (full) weights.release(); // the model trains copies of its own
  const release = () => {
    model.release();
    if (!full) weights.release();
  };
  return { opened, run, plan: planRun(input, opened), model, peakBytes, release };
}

/** Milliseconds of the fastest of `tries` calls after one that warms up: others may share the machine. */
export async function fastest(tries: number, call: () => Promise<unknown>): Promise<number> {
  await call();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    await call();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
