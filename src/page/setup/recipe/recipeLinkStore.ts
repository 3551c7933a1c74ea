import { createStore } from 'zustand/vanilla';
import { PRESETS } from '../../../domain/recipe/presets';
import { asksTeacher } from '../../../domain/recipe/problems';
import { formatRoute } from '../../shell/route';
import { go, viewStore } from '../../shell/viewStore';
import { diffLine, recipeDiff } from './recipeDiff';
import { decodeRecipe, encodeRecipe } from './recipeLink';
import { presetConfig, type RecipeState, recipeStore, takeRecipe } from './recipeStore';

/** Most changes named in the line at the top; the line at the recipe names all. */
const NAMED = 4;

/** The outcome of the last link: a recipe, with the one it replaced, or none. */
export type LinkOutcome =
  | { readonly taken: true; readonly text: string; readonly before: RecipeState }
  | { readonly taken: false; readonly text: string };

export const recipeLinkStore = createStore<{ readonly outcome: LinkOutcome | null }>(() => ({ outcome: null }));

/**
 * Applies the recipe of an address once and then shortens the address: going back must not undo later changes. Called
 * once, by main.tsx.
 */
export function followRecipeLinks(): void {
  const take = () => {
    const { route } = viewStore.getState();
    if (route.page !== 'setup' || route.recipe === undefined) return;
    recipeLinkStore.setState({ outcome: openRecipe(route.recipe) });
    go({ page: 'setup' }, { replace: true });
  };
  viewStore.subscribe(take);
  take();
}

function openRecipe(text: string): LinkOutcome {
  const found = decodeRecipe(text);
  if (!found.ok) return { taken: false, text: `The recipe in this link was not used: ${found.why}.` };
  const { preset, config } = found;
  const before = recipeStore.getState();
  takeRecipe(preset, config);
  const { title } = PRESETS.find(({ id }) => id === preset)!;
  const changes = recipeDiff(presetConfig(preset), config);
  const made = changes.length > 0 ? `${title}, with ${diffLine(changes, NAMED)}` : `${title}, unchanged`;
  const teacher = asksTeacher(config) ? ' Links do not include the teacher. Choose one below.' : '';
  return { taken: true, text: `Recipe loaded from a link: ${made}.${teacher}`, before };
}

export const closeOutcome = (): void => recipeLinkStore.setState({ outcome: null });

/** Restores the recipe from before the link. */
export function putBack(): void {
  const { outcome } = recipeLinkStore.getState();
  if (outcome?.taken) recipeStore.setState(outcome.before);
  closeOutcome();
}

/** The address of this page with the recipe in it. */
export function recipeAddress({ preset, config }: RecipeState): string {
  const [page] = location.href.split('#');
  return `${page}${formatRoute({ page: 'setup', recipe: encodeRecipe(preset, config) })}`;
}
