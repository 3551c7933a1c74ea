import type { Example } from '../../domain/example';
import { type Recipe, type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import type { Trainable } from '../../domain/recipe/trainable';
import type { WorkContext } from '../../domain/workContext';
import type { Adapter } from '../../formats/peft';
import type { LanguageModel, NamedTensor } from '../../model/languageModel';
import { adapterName } from '../../model/network';
import type { Engine } from '../engine';
import { memoryNeeds } from '../models/memoryNeeds';
import type { OpenModel } from '../models/openModel';

/** A model for inference: an opened checkpoint with its trained weights, if any. */
export interface ModelUnderTest {
  readonly opened: OpenModel;
  /** In words, for reports. */
  readonly name: string;
  readonly trained: { readonly trainable: Trainable; readonly tensors: readonly NamedTensor[] } | null;
  /**
   * Of the run that trained it: its sampling and grader settings are those of its evaluations. Absent without a run.
   */
  readonly recipe?: Recipe;
}

/** The smallest adapter, which changes nothing while nobody trains it. */
const NO_ADAPTER: Trainable = { kind: 'lora', rank: 1, alpha: 1, targets: ['q_proj'] };

/** The part of the recipe that inference needs: lengths, counts and the grader. The update gets the least memory. */
export type InferenceSizes = Pick<
  RecipeInput,
  'promptsPerStep' | 'groupSize' | 'maxPromptTokens' | 'sampling' | 'grader' | 'evaluation'
>;

export interface LoadHooks extends Pick<WorkContext, 'signal'> {
  readonly onLoad?: ((bytes: number, total: number) => void) | undefined;
}

/** Loads a subject onto the device; the engine frees the model before. Throws LabError when it cannot fit. */
export async function openModelUnderTest(
  engine: Engine,
  { opened, trained }: ModelUnderTest,
  sizes: InferenceSizes,
  examples: readonly Example[],
  { signal, onLoad }: LoadHooks = {},
): Promise<LanguageModel> {
  const trainable = trained?.trainable ?? NO_ADAPTER;
  const run = recipeSchema.parse({ ...sizes, trainable, optimizer: { microBatchTokens: 16 } });
  const onProgress = (done: number, total: number, what?: string) => void (what || onLoad?.(done, total));
  const model = await engine.build(opened, memoryNeeds(run, opened, examples), { onProgress, signal });
  if (trained) await model.loadTrainable({ adapter: trained.tensors });
  return model;
}

/** An adapter from PEFT files as a checkpoint would hold it. */
export function adapterTrained({ rank, alpha, targets, pairs }: Adapter): NonNullable<ModelUnderTest['trained']> {
  const tensors = pairs.flatMap(({ layer, projection, a, b }) => [
    { name: adapterName(layer, projection, 'A'), shape: [rank, a.length / rank], data: a },
    { name: adapterName(layer, projection, 'B'), shape: [b.length / rank, rank], data: b },
  ]);
  return { trainable: { kind: 'lora', rank, alpha, targets: [...targets] }, tensors };
}
