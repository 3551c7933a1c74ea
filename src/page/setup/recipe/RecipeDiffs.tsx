import { useStore } from 'zustand';
import { PRESETS } from '../../../domain/recipe/presets';
import { recipeOf, selectLastRun, takeOver } from '../../run/lastRun';
import { runStore } from '../../run/runStore';
import { diffLine, recipeDiff } from './recipeDiff';
import { choosePreset, presetConfig, type RecipeState, recipeStore } from './recipeStore';

const selectRecipe = (state: RecipeState) => state;

/** What is other than in the preset, and than in the last run: one line each, and a way back to either. */
export function RecipeDiffs() {
  const { preset, config } = useStore(recipeStore, selectRecipe);
  const changed = recipeDiff(presetConfig(preset), config);
  const last = useStore(runStore, selectLastRun);
  const before = last && recipeOf(last);
  const since = before && recipeDiff(before, config);
  return (
    <>
      {changed.length > 0 && (
        <p className="soft small">
          From {PRESETS.find(({ id }) => id === preset)?.title}: {diffLine(changed)} ·{' '}
          <button type="button" className="link" onClick={() => choosePreset(preset)}>
            undo
          </button>
        </p>
      )}
      {last && before && since && (
        <p className="soft small">
          {since.length === 0 ? (
            <>The same as in your last run, {last.name}.</>
          ) : (
            <>
              From your last run, {last.name}: {diffLine(since)} ·{' '}
              <button type="button" className="link" onClick={() => takeOver(before)}>
                take its recipe
              </button>
            </>
          )}
        </p>
      )}
    </>
  );
}
