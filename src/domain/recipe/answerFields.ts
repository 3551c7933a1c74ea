import { part, type RecipeField, top } from './field';

/** How answers are drawn. */
export const ANSWER_FIELDS: readonly RecipeField[] = [
  part(
    'sampling',
    'temperature',
    'answers',
    'Temperature',
    { min: 0.1, max: 5, step: 0.1 },
    'Variety of the answers. 1 is the model’s own distribution. At 0 all answers of a prompt would be equal.',
  ),
  part(
    'sampling',
    'topP',
    'answers',
    'Top-p',
    { min: 0.01, max: 1, step: 0.05 },
    'Keeps the likeliest tokens up to this total probability. 1 keeps all.',
  ),
  part(
    'sampling',
    'topK',
    'answers',
    'Top-k',
    { min: 0, max: 1000, step: 1 },
    'Keeps this many likeliest tokens. 0 keeps all.',
  ),
  part(
    'sampling',
    'minP',
    'answers',
    'Min-p',
    { min: 0, max: 0.99, step: 0.01 },
    'Drops tokens less likely than this share of the likeliest one. 0 keeps all.',
  ),
  part('sampling', 'repetitionPenalty', 'answers', 'Repetition penalty', { min: 1, max: 3, step: 0.05 }, '1 is off.'),
  top(
    'maxPromptTokens',
    'answers',
    'Prompt length, at most',
    { unit: 'tokens', min: 8, max: 32768, step: 64 },
    'Prompts that are longer are left out of the run, and counted.',
  ),
];
