import { choice, part, type RecipeField } from './field';
import type { Recipe } from './recipe';

/** TRL's advice for the largest ratio of cispo, and what the clip goes back to. */
const CISPO_HIGH = 5;
const CLIP_HIGH = 0.28;

const withKl = ({ loss }: Recipe) => loss.klCoef > 0;

/** cispo reads the upper clip as the largest ratio itself: a number of the other kind would not do. */
function setType(config: Recipe, value: string): Recipe {
  const type = value as Recipe['loss']['type'];
  const { clipHigh } = config.loss;
  const low = type === 'cispo' && clipHigh < 1;
  const high = type !== 'cispo' && config.loss.type === 'cispo' && clipHigh >= 1;
  return { ...config, loss: { ...config.loss, type, clipHigh: low ? CISPO_HIGH : high ? CLIP_HIGH : clipHigh } };
}

/** The loss that an update lowers. */
export const LOSS_FIELDS: readonly RecipeField[] = [
  {
    ...choice(
      'loss',
      'type',
      'loss',
      'Loss',
      [
        { value: 'grpo', label: 'GRPO, by answer' },
        { value: 'dapo', label: 'DAPO, by token' },
        { value: 'bnpo', label: 'BNPO, by micro-batch' },
        { value: 'dr_grpo', label: 'Dr. GRPO, by the limit' },
        { value: 'gspo', label: 'GSPO, one ratio' },
        { value: 'cispo', label: 'CISPO, ratio weights' },
      ],
      'As published: GRPO, each answer counts the same. DAPO: each token does, so long answers count more; BNPO the same within a micro-batch. Dr. GRPO: by the longest answer allowed, so that nothing is gained by being short or long. GSPO: one ratio per answer, clipped as a whole. CISPO: no token loses its gradient, its weight is capped.',
    ),
    set: setType,
  },
  {
    ...part(
      'loss',
      'clipLow',
      'loss',
      'Clip, low',
      { min: 0, max: 0.99, step: 0.01 },
      'How far the probability of a token may fall in one step before its gradient stops.',
    ),
    shown: ({ loss }) => loss.type !== 'cispo',
  },
  part(
    'loss',
    'clipHigh',
    'loss',
    'Clip, high',
    { min: 0, max: 10, step: 0.01 },
    'How far it may rise. Above the low clip, rare good tokens can grow. For CISPO it is the largest ratio itself, 5 or so.',
  ),
  {
    kind: 'number',
    id: 'loss.clipCap',
    place: 'loss',
    title: 'Cap of the ratio',
    unit: '',
    min: 0,
    max: 100,
    step: 0.1,
    whole: false,
    help: 'The largest ratio that counts, also for answers below the mean, which the clip lets grow without end (two-sided clipping). 0 is none; else more than 1 + Clip, high.',
    shown: ({ loss }) => loss.type !== 'cispo',
    get: ({ loss }) => loss.clipCap ?? 0,
    set: (config, value) => ({ ...config, loss: { ...config.loss, clipCap: value > 1 ? value : null } }),
  },
  part(
    'loss',
    'klCoef',
    'loss',
    'KL weight',
    { min: 0, max: 10, step: 0.01 },
    'Pull towards the model as it started, before a warm start. 0, as published, is off and saves time and, when all weights are trained, a copy of the model.',
  ),
  {
    ...choice(
      'loss',
      'klKind',
      'loss',
      'KL estimate',
      [
        { value: 'k3', label: 'k3: exp(−d) − 1 + d' },
        { value: 'lowVar', label: 'k3, at most 10' },
        { value: 'k2', label: 'k2: d² / 2' },
        { value: 'k1', label: 'k1: d' },
      ],
      'How the divergence is estimated from d, a token’s logprob less that of the model as it started.',
    ),
    shown: withKl,
  },
  {
    ...choice(
      'loss',
      'klIn',
      'loss',
      'KL is taken from',
      [
        { value: 'loss', label: 'The loss' },
        { value: 'reward', label: 'The reward' },
      ],
      'In the loss every token is pulled back. From the reward, an answer as a whole is worth less the further it has moved.',
    ),
    shown: withKl,
  },
  part(
    'loss',
    'entropyCoef',
    'loss',
    'Entropy bonus',
    { min: 0, max: 1, step: 0.001 },
    'Keeps answers varied: the mean entropy of the tokens, times this, is taken from the loss. 0 is off.',
  ),
];
