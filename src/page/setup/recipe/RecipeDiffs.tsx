import { useStore } from 'zustand';
import { PRESETS } from '../../../domain/recipe/presets';
import { recipeOf, selectLastRun, takeOver } from '../../run/lastRun';
import { runStore } from '../../run/runStore';
import { diffLine, recipeDiff } from './recipeDiff';
import { choosePreset, presetConfig, type RecipeState, recipeStore } from './recipeStore';

const selectRecipe = (state: RecipeState) => state;

/** The differences from the preset and from the last run, one line each, and a way back to either. */
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
          Changed from {PRESETS.find(({ id }) => id === preset)?.title}: {diffLine(changed)} ·{' '}
          <button type="button" className="link" onClick={() => choosePreset(preset)}>
            reset
          </button>
        </p>
      )}
      {last && before && since && (
        <p className="soft small">
          {since.length === 0 ? (
            <>Same as your last run, {last.name}.</>
          ) : (
            <>
              Changed from your last run, {last.name}: {diffLine(since)} ·{' '}
              <button type="button" className="link" onClick={() => takeOver(before)}>
                use its recipe
              </button>
            </>
          )}
        </p>
      )}
    </>
  );
}
