import { choice, part, type RecipeField } from './field';

/** How the weights are changed. */
export const OPTIMIZER_FIELDS: readonly RecipeField[] = [
  {
    kind: 'choice',
    id: 'trainable.kind',
    place: 'optimizer',
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
    place: 'optimizer',
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
  choice(
    'optimizer',
    'schedule',
    'optimizer',
    'Learning rate then',
    [
      { value: 'constant', label: 'Stays' },
      { value: 'linear', label: 'Falls along a line' },
      { value: 'cosine', label: 'Falls along a cosine' },
    ],
    'After the warm-up. A falling rate reaches 0 at the last update of the run.',
  ),
  part(
    'optimizer',
    'warmupSteps',
    'optimizer',
    'Warm-up',
    { unit: 'updates', min: 0, max: 10000, step: 1 },
    'The learning rate rises from 0 over this many updates; the first is at 0.',
  ),
  part(
    'optimizer',
    'stepsPerRollout',
    'optimizer',
    'Updates per step',
    { min: 1, max: 64, step: 1 },
    'Optimizer steps made from the answers of one step.',
  ),
  part(
    'optimizer',
    'epochsPerRollout',
    'optimizer',
    'Times over the answers',
    { min: 1, max: 16, step: 1 },
    'How often an update goes through the answers of a step. From the second time on, the clip keeps the model near the one that wrote them.',
  ),
  part('optimizer', 'weightDecay', 'optimizer', 'Weight decay', { min: 0, max: 1, step: 0.01 }, 'AdamW. 0 is off.'),
  part(
    'optimizer',
    'maxGradNorm',
    'optimizer',
    'Gradient norm, at most',
    { min: 0.01, max: 1000, step: 0.1 },
    'Larger gradients are scaled down to this norm.',
  ),
  part(
    'optimizer',
    'microBatchTokens',
    'optimizer',
    'Tokens at a time',
    { unit: 'tokens', min: 16, max: 65536, step: 256 },
    'Size of a packed micro-batch. Smaller needs less memory and is slower; the result is the same.',
  ),
];
