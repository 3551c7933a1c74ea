import { PRESETS } from '../../domain/recipe/presets';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import { recipeDiff } from '../setup/recipe/recipeDiff';
import { presetConfig, takeRecipe } from '../setup/recipe/recipeStore';
import type { RunState } from './runStore';

/** The newest kept run, the live one included: it is what the next recipe is compared with. */
export const selectLastRun = ({ runs }: RunState): RunSummary | null => runs?.[0] ?? null;

/** A run's recipe as one to set up; null when it was kept by a version whose recipes are not ours. The grader's prompt comes with the model again. */
export function recipeOf({ config }: Pick<RunSummary, 'config'>): Recipe | null {
  const parsed = recipeSchema.safeParse(config);
  if (!parsed.success) return null;
  const { template: _, ...grader } = parsed.data.grader;
  return { ...parsed.data, grader };
}

/** Takes a run's recipe over, to be compared with the preset that it is nearest to. */
export function takeOver(config: Recipe): void {
  const distances = PRESETS.map(({ id }) => ({ id, changes: recipeDiff(presetConfig(id), config).length }));
  takeRecipe(distances.reduce((best, next) => (next.changes < best.changes ? next : best)).id, config);
}
