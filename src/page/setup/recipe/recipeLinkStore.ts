import { createStore } from 'zustand/vanilla';
import { PRESETS } from '../../../domain/recipe/presets';
import { asksTeacher } from '../../../domain/recipe/problems';
import { formatRoute } from '../../shell/route';
import { go, viewStore } from '../../shell/viewStore';
import { diffLine, recipeDiff } from './recipeDiff';
import { decodeRecipe, encodeRecipe } from './recipeLink';
import { presetConfig, type RecipeState, recipeStore, takeRecipe } from './recipeStore';

/** Changes that the line at the top names; the recipe's own line names all. */
const NAMED = 4;

/** What came of the last link: a recipe, with the one that it took the place of, or nothing. */
export type LinkOutcome =
  | { readonly taken: true; readonly text: string; readonly before: RecipeState }
  | { readonly taken: false; readonly text: string };

export const recipeLinkStore = createStore<{ readonly outcome: LinkOutcome | null }>(() => ({ outcome: null }));

/** Takes the recipe of an address once, and then the plain address: going back must not undo what was changed since. Called once, by main.tsx. */
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
  if (!found.ok) return { taken: false, text: `The recipe in this link was not taken: ${found.why}.` };
  const { preset, config } = found;
  const before = recipeStore.getState();
  takeRecipe(preset, config);
  const { title } = PRESETS.find(({ id }) => id === preset)!;
  const changes = recipeDiff(presetConfig(preset), config);
  const made = changes.length > 0 ? `${title}, with ${diffLine(changes, NAMED)}` : `${title}, unchanged`;
  const teacher = asksTeacher(config) ? ' Links carry no teacher: choose one below.' : '';
  return { taken: true, text: `The recipe comes from a link: ${made}.${teacher}`, before };
}

export const closeOutcome = (): void => recipeLinkStore.setState({ outcome: null });

/** The recipe as it was before the link. */
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
