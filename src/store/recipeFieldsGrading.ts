import { choice, part, type RecipeField } from './recipeField';

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
