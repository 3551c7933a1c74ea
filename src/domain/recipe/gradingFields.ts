import { choice, part, type RecipeField } from './field';

/** A number of how grades are drawn. */
const grading = (
  key: 'temperature' | 'topP' | 'topK' | 'maxNewTokens',
  title: string,
  { unit = '', min, max, step }: { unit?: string; min: number; max: number; step: number },
  help: string,
): RecipeField => ({
  kind: 'number',
  id: `grader.sampling.${key}`,
  place: 'grading',
  title,
  help,
  unit,
  min,
  max,
  step,
  whole: step >= 1,
  get: ({ grader }) => grader.sampling[key],
  set: (config, value) => {
    const sampling = { ...config.grader.sampling, [key]: value };
    return { ...config, grader: { ...config.grader, sampling } };
  },
});

/** How answers are graded. */
export const GRADING_FIELDS: readonly RecipeField[] = [
  choice(
    'grader',
    'mode',
    'grading',
    'How a grade is given',
    [
      { value: 'forced', label: 'Reason, then verdict' },
      { value: 'verdict', label: 'Verdict only (fast)' },
      { value: 'json', label: 'Free JSON' },
    ],
    'Reason, then verdict: the model writes why, the verdict is read from its probabilities of true and false. Verdict only: nothing is written. Free JSON: the model writes the whole grade, as published; small models often fail.',
  ),
  {
    ...choice(
      'grader',
      'verdict',
      'grading',
      'The verdict is',
      [
        { value: 'likelier', label: 'The likelier' },
        { value: 'drawn', label: 'Drawn' },
      ],
      'Drawn at the grading temperature, as free JSON is: equal answers may then get different grades. Not for free JSON.',
    ),
    shown: ({ grader }) => grader.mode !== 'json',
  },
  grading(
    'temperature',
    'Grading temperature',
    { min: 0, max: 5, step: 0.1 },
    'The paper’s are 0.6 and 1.0. 0 takes the likeliest.',
  ),
  grading(
    'topP',
    'Grading top-p',
    { min: 0.01, max: 1, step: 0.01 },
    'Share of the likeliest tokens that are drawn from. 1 is all.',
  ),
  grading(
    'topK',
    'Grading top-k',
    { min: 0, max: 1000, step: 1 },
    'How many of the likeliest tokens are drawn from. 0 is all.',
  ),
  grading(
    'maxNewTokens',
    'Grade length, at most',
    { unit: 'tokens', min: 1, max: 32768, step: 16 },
    'A reasoning model that thinks before it grades needs thousands.',
  ),
  {
    kind: 'choice',
    id: 'grader.thinking',
    place: 'grading',
    title: 'Thinks before it grades',
    options: [
      { value: 'template', label: 'As its chat template says' },
      { value: 'yes', label: 'Yes' },
      { value: 'no', label: 'No' },
    ],
    help: 'For reasoning models, in free JSON.',
    shown: ({ grader }) => grader.mode === 'json',
    get: ({ grader }) => (grader.thinking === undefined ? 'template' : grader.thinking ? 'yes' : 'no'),
    set: (config, value) => {
      const { thinking: _, ...grader } = config.grader;
      return { ...config, grader: value === 'template' ? grader : { ...grader, thinking: value === 'yes' } };
    },
  },
  choice(
    'grader',
    'ungraded',
    'grading',
    'A grade that cannot be read',
    [
      { value: 'leftOut', label: 'Counts neither way' },
      { value: 'notMet', label: 'Counts as not met' },
    ],
    'The published code counts it as not met, which punishes an answer for the grader’s fault.',
  ),
  part(
    'grader',
    'tries',
    'grading',
    'Tries per grade',
    { min: 1, max: 10, step: 1 },
    'Only for free JSON: how often an unreadable grade is asked for again.',
  ),
];
