import type { RunConfig } from '../config/run';
import { choice, part, type RecipeField, showField, top } from './recipeField';

/** Every field of the recipe, in the order of the page. The words on the surface are plain; the field's terms are in the help. */
export const RECIPE_FIELDS: readonly RecipeField[] = [
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
    'A step is: answer, grade, learn. You can stop at any time and keep what was learnt.',
  ),
  {
    kind: 'choice',
    id: 'grader.kind',
    place: 'surface',
    title: 'Grader',
    options: [
      { value: 'self', label: 'The model as it is now' },
      { value: 'frozen', label: 'The model as it started' },
    ],
    help: 'Self-rewarding uses the model in training as its own grader. The frozen grader cannot drift with it.',
    get: (config) => config.grader.kind,
    set: (config, value) => ({ ...config, grader: { ...config.grader, kind: value === 'frozen' ? 'frozen' : 'self' } }),
  },
  part(
    'optimizer',
    'learningRate',
    'surface',
    'Learning rate',
    { min: 1e-7, max: 1, step: 0.00001 },
    'Size of the optimizer (AdamW) step. Too high: the answers break. Too low: nothing moves.',
  ),

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

  part(
    'loss',
    'clipLow',
    'learning',
    'Clip, low',
    { min: 0, max: 0.99, step: 0.01 },
    'How far the probability of a token may fall in one step before its gradient stops.',
  ),
  part(
    'loss',
    'clipHigh',
    'learning',
    'Clip, high',
    { min: 0, max: 10, step: 0.01 },
    'How far it may rise. Above the low clip, rare good tokens can grow.',
  ),
  part(
    'loss',
    'klCoef',
    'learning',
    'KL weight',
    { min: 0, max: 10, step: 0.01 },
    'β. Pulls the model towards where it started. 0 is off, as published.',
  ),
  choice(
    'loss',
    'aggregation',
    'learning',
    'Average over',
    [
      { value: 'sequence', label: 'Answers' },
      { value: 'token', label: 'Tokens' },
    ],
    'Answers: each answer counts the same. Tokens: long answers count more.',
  ),
  part(
    'optimizer',
    'stepsPerRollout',
    'learning',
    'Updates per step',
    { min: 1, max: 64, step: 1 },
    'Optimizer steps made from the answers of one step.',
  ),
  part(
    'optimizer',
    'warmupSteps',
    'learning',
    'Warm-up',
    { unit: 'updates', min: 0, max: 10000, step: 1 },
    'The learning rate rises from 0 over this many updates.',
  ),
  part('optimizer', 'weightDecay', 'learning', 'Weight decay', { min: 0, max: 1, step: 0.01 }, 'AdamW. 0 is off.'),
  part(
    'optimizer',
    'maxGradNorm',
    'learning',
    'Gradient norm, at most',
    { min: 0.01, max: 1000, step: 0.1 },
    'Larger gradients are scaled down to this norm.',
  ),
  part(
    'optimizer',
    'microBatchTokens',
    'learning',
    'Tokens at a time',
    { unit: 'tokens', min: 16, max: 65536, step: 256 },
    'Size of a packed micro-batch. Smaller needs less memory and is slower; the result is the same.',
  ),
  {
    kind: 'choice',
    id: 'trainable.kind',
    place: 'learning',
    title: 'What is trained',
    options: [
      { value: 'lora', label: 'A small adapter (LoRA)' },
      { value: 'full', label: 'All weights' },
    ],
    help: 'An adapter needs little memory and can be switched off to get the starting model back. All weights only suits small models.',
    get: (config) => config.trainable.kind,
    set: (config, value) => ({
      ...config,
      trainable:
        value === 'full'
          ? { kind: 'full' }
          : {
              kind: 'lora',
              rank: 16,
              alpha: 32,
              targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
            },
    }),
  },
  {
    kind: 'number',
    id: 'trainable.rank',
    place: 'learning',
    title: 'Adapter rank',
    unit: '',
    min: 1,
    max: 256,
    step: 1,
    whole: true,
    help: 'R. The adapter’s capacity; alpha follows at twice the rank.',
    get: ({ trainable }) => (trainable.kind === 'lora' ? trainable.rank : null),
    set: (config, value) =>
      config.trainable.kind === 'lora'
        ? { ...config, trainable: { ...config.trainable, rank: value, alpha: 2 * value } }
        : config,
  },

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

/** Titles and values that differ between two recipes. */
export function recipeDiff(from: RunConfig, to: RunConfig): { title: string; from: string; to: string }[] {
  return RECIPE_FIELDS.flatMap((field) => {
    const [a, b] = [showField(field, from), showField(field, to)];
    return a === b ? [] : [{ title: field.title, from: a, to: b }];
  });
}
