import { part, type RecipeField, top } from './field';

/** What is kept of a run, and its data. */
export const RUN_FIELDS: readonly RecipeField[] = [
  top(
    'checkpointEvery',
    'run',
    'Save every',
    { unit: 'steps', min: 0, max: 10000, step: 1 },
    '0 saves only when you pause, stop or finish.',
  ),
  part(
    'probes',
    'every',
    'run',
    'Check the grader every',
    { unit: 'steps', min: 0, max: 10000, step: 1 },
    'Has the model grade stored answers, ideal answers and empty ones, as it is now and as it started, and shows whether it is still right. Takes about as long as grading a step. 0 is off.',
  ),
  {
    ...part(
      'probes',
      'items',
      'run',
      'Prompts of the check',
      { min: 1, max: 256, step: 1 },
      'More prompts make the numbers steadier, and the check longer.',
    ),
    shown: ({ probes }) => probes.every > 0,
  },
  part(
    'evaluation',
    'every',
    'run',
    'Evaluate every',
    { unit: 'steps', min: 0, max: 10000, step: 1 },
    'Answers prompts that are set aside, graded by the model before training, and draws the score beside the reward. Also after the first step, to compare with. 0 is off.',
  ),
  {
    ...part(
      'evaluation',
      'prompts',
      'run',
      'Prompts of the evaluation',
      { min: 1, max: 5000, step: 1 },
      'The same ones each time, drawn by the seed. More make the interval narrower, and the evaluation longer.',
    ),
    shown: ({ evaluation }) => evaluation.every > 0,
  },
  {
    ...part(
      'evaluation',
      'answers',
      'run',
      'Answers to each of them',
      { min: 1, max: 64, step: 1 },
      'Several answers to a prompt make the score steadier.',
    ),
    shown: ({ evaluation }) => evaluation.every > 0,
  },
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
