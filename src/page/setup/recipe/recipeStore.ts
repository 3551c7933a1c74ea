import { createStore } from 'zustand/vanilla';
import { PRESETS, type Preset } from '../../../domain/recipe/presets';
import { type Recipe, recipeSchema } from '../../../domain/recipe/recipe';

export interface RecipeState {
  readonly preset: Preset['id'];
  readonly config: Recipe;
  /** False until a person changes something: an untouched recipe follows the model. */
  readonly touched: boolean;
}

const presetOf = (id: Preset['id']): Preset => PRESETS.find((preset) => preset.id === id)!;

/** The full configuration of a preset. */
export const presetConfig = (id: Preset['id']): Recipe => recipeSchema.parse(presetOf(id).config);

export const recipeStore = createStore<RecipeState>(() => ({
  preset: 'demo',
  config: presetConfig('demo'),
  touched: false,
}));

export function choosePreset(id: Preset['id']): void {
  recipeStore.setState({ preset: id, config: presetConfig(id), touched: true });
}

export function changeRecipe(config: Recipe): void {
  recipeStore.setState({ config, touched: true });
}

/** Replaces the whole recipe; `preset` is the one it is compared with. */
export function takeRecipe(preset: Preset['id'], config: Recipe): void {
  recipeStore.setState({ preset, config, touched: true });
}

/** The built-in model starts from the demo, any other from the published recipe, until a person chooses. */
export function followModel(builtIn: boolean): void {
  if (recipeStore.getState().touched) return;
  const id = builtIn ? 'demo' : 'selfRewarding';
  recipeStore.setState({ preset: id, config: presetConfig(id) });
}
