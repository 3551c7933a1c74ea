import { type RecipeField, top } from './recipeField';

/** What is kept of a run, and its data. */
export const RUN_FIELDS: readonly RecipeField[] = [
  top(
    'checkpointEvery',
    'run',
    'Save every',
    { unit: 'steps', min: 0, max: 10000, step: 1 },
    '0 saves only when you pause, stop or finish.',
  ),
  top(
    'heldOutShare',
    'run',
    'Set aside',
    { min: 0, max: 0.9, step: 0.05 },
    'Share of the prompts that is never trained on, chosen by the seed.',
  ),
  top(
    'seed',
    'run',
    'Seed',
    { min: 0, max: 4294967295, step: 1 },
    'The same seed on the same adapter gives the same run.',
  ),
];
