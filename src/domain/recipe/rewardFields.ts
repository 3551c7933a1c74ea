import { choice, part, type RecipeField, top } from './field';
import type { Recipe } from './recipe';

const softOverlong = ({ lengthPenalty }: Recipe) => lengthPenalty.overlongTokens > 0;
const byCharacters = ({ lengthPenalty }: Recipe) => lengthPenalty.per500Characters > 0;

/** What becomes of rewards before the model learns from them. */
export const REWARD_FIELDS: readonly RecipeField[] = [
  choice(
    'loss',
    'scaleRewards',
    'reward',
    'Rewards are scaled by',
    [
      { value: 'group', label: 'Spread of the group' },
      { value: 'batch', label: 'Spread of the step' },
      { value: 'none', label: 'Nothing' },
    ],
    'An answer’s advantage is its reward less the mean of its prompt, divided by a standard deviation. By the group’s, prompts with small differences teach as much as others (GRPO); by nothing, they teach less (Dr. GRPO).',
  ),
  top(
    'maxRefills',
    'reward',
    'Refills, at most',
    { min: 0, max: 16, step: 1 },
    'Prompts whose answers all got the same reward teach nothing: others are answered instead, at most so many times a step (DAPO’s dynamic sampling). 0 is off.',
  ),
  part(
    'lengthPenalty',
    'overlongTokens',
    'reward',
    'Soft length limit',
    { unit: 'tokens', min: 0, max: 32768, step: 16 },
    'Over the last so many tokens before the longest answer, a growing penalty is taken from the reward (DAPO). 0 is off.',
  ),
  {
    ...part(
      'lengthPenalty',
      'overlongPenalty',
      'reward',
      'Penalty at the limit',
      { min: 0, max: 10, step: 0.1 },
      'What an answer of the full length loses.',
    ),
    shown: softOverlong,
  },
  part(
    'lengthPenalty',
    'per500Characters',
    'reward',
    'Penalty per 500 characters',
    { min: 0, max: 1, step: 0.0001 },
    'Taken from the reward for every 500 characters beyond the centre, and given for those below it. HealthBench Professional takes 0.0147. 0 is off.',
  ),
  {
    ...part(
      'lengthPenalty',
      'centreCharacters',
      'reward',
      'Centre of the length',
      { unit: 'characters', min: 0, max: 100000, step: 100 },
      'Answers of this length lose and gain nothing. HealthBench Professional has 2,000.',
    ),
    shown: byCharacters,
  },
  choice(
    'loss',
    'truncated',
    'reward',
    'Answers cut off at the limit',
    [
      { value: 'kept', label: 'Trained on' },
      { value: 'masked', label: 'Left out of the loss' },
    ],
    'Left out, a cut answer teaches nothing itself; its reward still counts in the mean of its prompt. The published code trains on them.',
  ),
];
