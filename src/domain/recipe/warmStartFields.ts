import { part, type RecipeField } from './field';
import type { Recipe } from './recipe';

const isOn = ({ warmStart }: Recipe) => warmStart.steps > 0;

/** Supervised steps before the first rollout. */
export const WARM_START_FIELDS: readonly RecipeField[] = [
  part(
    'warmStart',
    'steps',
    'warmStart',
    'Supervised steps',
    { min: 0, max: 100000, step: 10 },
    'For weak models: before the first step the model learns ideal completions of the data, and verdicts on answers where a meta-evaluation file or graded answers (a run’s rollouts, an evaluation) are among it. The frozen grader, the KL penalty and what the run is compared with still mean the model before these steps: for the one after them, export the checkpoint of step 0 as a whole model and open it. 0 is off.',
  ),
  {
    ...part(
      'warmStart',
      'documentsPerStep',
      'warmStart',
      'Documents per step',
      { min: 1, max: 1024, step: 1 },
      'Answers and gradings of one supervised step. Each counts the same, however long it is.',
    ),
    shown: isOn,
  },
  {
    ...part(
      'warmStart',
      'gradingShare',
      'warmStart',
      'Share of gradings',
      { min: 0, max: 1, step: 0.05 },
      'The rest are answers. What the data does not have, the other makes up for.',
    ),
    shown: isOn,
  },
  {
    ...part(
      'warmStart',
      'learningRate',
      'warmStart',
      'Learning rate of these steps',
      { min: 1e-7, max: 1, step: 0.00001 },
      'Constant. The optimizer begins anew after the last supervised step.',
    ),
    shown: isOn,
  },
];
