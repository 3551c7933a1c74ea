import { ANSWER_FIELDS } from './answerFields';
import type { RecipeField } from './field';
import { GRADING_FIELDS } from './gradingFields';
import { LOSS_FIELDS } from './lossFields';
import { OPTIMIZER_FIELDS } from './optimizerFields';
import { REWARD_FIELDS } from './rewardFields';
import { RUN_FIELDS } from './runFields';
import { SURFACE_FIELDS } from './surfaceFields';
import { TEACHER_FIELDS } from './teacherFields';
import { WARM_START_FIELDS } from './warmStartFields';

/** Every field of the recipe, in the order of the page. */
export const RECIPE_FIELDS: readonly RecipeField[] = [
  ...SURFACE_FIELDS,
  ...ANSWER_FIELDS,
  ...GRADING_FIELDS,
  ...TEACHER_FIELDS,
  ...REWARD_FIELDS,
  ...LOSS_FIELDS,
  ...OPTIMIZER_FIELDS,
  ...WARM_START_FIELDS,
  ...RUN_FIELDS,
];

/** What lies behind "more", section by section. */
export const RECIPE_SECTIONS = [
  { place: 'answers', title: 'Answers' },
  { place: 'grading', title: 'Grading' },
  { place: 'reward', title: 'Reward' },
  { place: 'loss', title: 'Loss' },
  { place: 'optimizer', title: 'Optimizer' },
  { place: 'warmStart', title: 'Warm start' },
  { place: 'run', title: 'Run' },
] as const satisfies readonly { place: RecipeField['place']; title: string }[];
