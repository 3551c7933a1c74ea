import { part, type RecipeField, top } from './field';
import { graderSchema } from './recipe';

/** Always in sight. The words are plain; the field’s terms are in the help. */
export const SURFACE_FIELDS: readonly RecipeField[] = [
  top(
    'groupSize',
    'surface',
    'Answers per prompt',
    { min: 2, max: 256, step: 1 },
    'Group size. Each answer is compared with the others of its prompt: more answers make a steadier comparison and cost more time.',
  ),
  top(
    'promptsPerStep',
    'surface',
    'Prompts per step',
    { min: 1, max: 1024, step: 1 },
    'How many different prompts are answered before the model is updated.',
  ),
  part(
    'sampling',
    'maxNewTokens',
    'surface',
    'Answer length, at most',
    { unit: 'tokens', min: 1, max: 32768, step: 16 },
    'Longer answers are cut off here. A token is about three quarters of an English word.',
  ),
  top(
    'steps',
    'surface',
    'Steps',
    { min: 1, max: 100000, step: 10 },
    'A step is: answer, grade, learn. You can stop at any time and keep what was learned.',
  ),
  {
    kind: 'choice',
    id: 'grader.kind',
    place: 'surface',
    title: 'Grader',
    options: [
      { value: 'self', label: 'The model as it is now' },
      { value: 'frozen', label: 'The model as it started' },
      { value: 'teacher', label: 'A teacher' },
      { value: 'mixed', label: 'A teacher for a share' },
    ],
    help: 'Self-rewarding uses the model in training as its own grader. The frozen grader cannot drift with it. A teacher is another model, or a file of grades: choose it below.',
    get: (config) => config.grader.kind,
    set: (config, value) => {
      const kind = graderSchema.shape.kind.parse(value);
      return { ...config, grader: { ...config.grader, kind } };
    },
  },
  part(
    'optimizer',
    'learningRate',
    'surface',
    'Learning rate',
    { min: 1e-7, max: 1, step: 0.00001 },
    'Size of the optimizer (AdamW) step. Too high: the answers break. Too low: nothing moves.',
  ),
];
