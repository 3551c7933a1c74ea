import type { Example } from '../../domain/example';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import { Engine } from '../../lab/engine';
import { memoryNeeds } from '../../lab/models/memoryNeeds';
import type { OpenModel } from '../../lab/models/openModel';
import type { LanguageModel } from '../../model/languageModel';
import { openDawn } from './dawn';
import { ProgressBar } from './progressBar';

/** A model for asking only: the smallest adapter, which stays off, and room for `config`'s lengths. */
export async function openForInference(
  opened: OpenModel,
  config: RecipeInput,
  examples: readonly Example[] = [],
): Promise<{ model: LanguageModel; engine: Engine }> {
  const run = recipeSchema.parse({ trainable: { kind: 'lora', rank: 1, alpha: 1, targets: ['q_proj'] }, ...config });
  const engine = new Engine(openDawn);
  const bar = new ProgressBar();
  const onProgress = (done: number, total: number, label = 'Loading weights') =>
    bar.draw({ phase: 'opening', label, done, total, secondsLeft: null, step: null });
  const model = await engine.build(opened, memoryNeeds(run, opened, examples), { onProgress });
  bar.clear();
  return { model, engine };
}
