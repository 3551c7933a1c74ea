import { PRESETS } from '../../domain/recipe/presets';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import { recipeDiff } from '../setup/recipe/recipeDiff';
import { presetConfig, takeRecipe } from '../setup/recipe/recipeStore';
import type { RunState } from './runStore';

/** The newest saved run, or the live one; the next recipe is compared with it. */
export const selectLastRun = ({ runs }: RunState): RunSummary | null => runs?.[0] ?? null;

/**
 * A run's recipe for a new run; null when an incompatible version saved it. The grader's prompt comes with the model.
 */
export function recipeOf({ config }: Pick<RunSummary, 'config'>): Recipe | null {
  const parsed = recipeSchema.safeParse(config);
  if (!parsed.success) return null;
  const { template: _, ...grader } = parsed.data.grader;
  return { ...parsed.data, grader };
}

/** Uses a run's recipe, compared with the nearest preset. */
export function takeOver(config: Recipe): void {
  const distances = PRESETS.map(({ id }) => ({ id, changes: recipeDiff(presetConfig(id), config).length }));
  takeRecipe(distances.reduce((best, next) => (next.changes < best.changes ? next : best)).id, config);
}
