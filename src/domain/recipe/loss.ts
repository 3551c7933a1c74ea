import { z } from 'zod';
import { choice, field } from './field';

const WITH_KL = { path: 'loss.klCoef', above: 0 } as const;
/** What tells one loss from another. Whatever computes a loss goes by this, and asks for no type by name. */
export interface LossType {
  readonly label: string;
  /**
   * Weight of a token, as TRL averages. `answer`: 1 / (answers · tokens of the answer). `update`: 1 / tokens of the
   * optimizer step. `microBatch`: 1 / (micro-batches · tokens of the micro-batch). `maxLength`: 1 / (answers ·
   * maxNewTokens).
   */
  readonly weight: 'answer' | 'update' | 'microBatch' | 'maxLength';
  /** One ratio per token, or one per answer. */
  readonly ratio: 'token' | 'answer';
  /**
   * `clipped`: the ratio is clipped. `weighted`: the ratio, at most clipHigh itself, weighs the gradient of the
   * logprob.
   */
  readonly policy: (typeof POLICIES)[number];
}

/** In the order of their numbers in shaders/grpoLoss.wgsl. */
export const POLICIES = ['clipped', 'weighted'] as const;

const GRPO = { label: 'GRPO: per answer', weight: 'answer', ratio: 'token', policy: 'clipped' } as const;

/** Names and formulas are TRL's. */
const TYPES = {
  grpo: GRPO,
  dapo: { ...GRPO, label: 'DAPO: per token', weight: 'update' },
  bnpo: { ...GRPO, label: 'BNPO: per micro-batch', weight: 'microBatch' },
  dr_grpo: { ...GRPO, label: 'Dr. GRPO: per max length', weight: 'maxLength' },
  gspo: { ...GRPO, label: 'GSPO: one ratio', ratio: 'answer' },
  cispo: { ...GRPO, label: 'CISPO: ratio as weight', weight: 'update', policy: 'weighted' },
} as const satisfies Readonly<Record<string, LossType>>;

export const LOSS_TYPES: Readonly<Record<keyof typeof TYPES, LossType>> = TYPES;

const entries = Object.entries(LOSS_TYPES);
const LABELS = Object.fromEntries(entries.map(([type, { label }]) => [type, label])) as Readonly<
  Record<keyof typeof TYPES, string>
>;
const WITH_CLIP = {
  path: 'loss.type',
  is: entries.flatMap(([type, { policy }]) => (policy === 'clipped' ? [type] : [])),
} as const;

export const lossSchema = z.object({
  type: choice(LABELS, 'grpo', {
    section: 'loss',
    title: 'Loss',
    help: 'How tokens are weighted. GRPO: every answer counts the same. DAPO: every token counts the same, so long answers count more; BNPO does so within a micro-batch. Dr. GRPO divides by the max answer length, so length has no effect. GSPO clips one ratio per answer. CISPO keeps the gradient of every token and caps its weight.',
  }),
  clipLow: field(z.number().min(0).lt(1).default(0.2), {
    section: 'loss',
    title: 'Clip range, lower',
    help: 'Largest relative drop of a token’s probability in one step; beyond it the gradient is 0.',
    step: 0.01,
    shown: WITH_CLIP,
  }),
  clipHigh: field(z.number().min(0).default(0.28), {
    most: 10,
    section: 'loss',
    title: 'Clip range, upper',
    help: 'Largest relative rise of a token’s probability in one step. A value above the lower range lets rare good tokens grow. For CISPO it is the largest ratio itself, about 5.',
    step: 0.01,
  }),
  /** TRL's delta (two-sided clipping). Null: none. */
  clipCap: field(z.number().gt(1).nullable().default(null), {
    most: 100,
    section: 'loss',
    title: 'Ratio cap',
    help: 'Caps the ratio when the advantage is negative, where the clip range has no effect (two-sided clipping). 0 is off; otherwise more than 1 plus the upper clip range.',
    step: 0.1,
    shown: WITH_CLIP,
  }),
  /** β of the penalty against the weights that the run started from. */
  klCoef: field(z.number().min(0).default(0), {
    most: 10,
    section: 'loss',
    title: 'KL coefficient',
    help: 'Higher values keep the model closer to the starting model, before any warm start. 0, as published, is off: it saves time, and a copy of the model when all weights are trained.',
    step: 0.01,
  }),
  /** lowVar is k3 clamped to [−10, 10] (slime). */
  klKind: choice({ k3: 'k3: exp(−d) − 1 + d', lowVar: 'k3, at most 10', k2: 'k2: d² / 2', k1: 'k1: d' }, 'k3', {
    section: 'loss',
    title: 'KL estimator',
    help: 'Formula for the divergence, where d is the log-probability of a token minus that of the starting model.',
    shown: WITH_KL,
  }),
  klIn: choice({ loss: 'Loss', reward: 'Reward' }, 'loss', {
    section: 'loss',
    title: 'KL penalty in',
    help: 'Loss: the penalty acts on every token. Reward: an answer that moved further earns less as a whole.',
    shown: WITH_KL,
  }),
  entropyCoef: field(z.number().min(0).default(0), {
    most: 1,
    section: 'loss',
    title: 'Entropy bonus',
    help: 'Higher values keep answers varied: the loss falls by this times the mean entropy of the tokens. 0 is off.',
    step: 0.001,
  }),
  /** The group's unbiased standard deviation + 1e-6, the batch's, or 1. */
  scaleRewards: choice(
    { group: 'Group standard deviation', batch: 'Batch standard deviation', none: 'None' },
    'group',
    {
      section: 'reward',
      title: 'Advantage scaling',
      help: 'Divisor of the advantage, which is the reward minus the mean reward of the prompt. With the group’s, prompts with small differences count as much as others (GRPO); with none, they count less (Dr. GRPO).',
    },
  ),
  truncated: choice({ kept: 'Train on them', masked: 'Mask in the loss' }, 'kept', {
    section: 'reward',
    title: 'Truncated answers',
    help: 'Answers that reached the max length. Masked: they have no gradient, but their reward still counts in the mean of the prompt. The published code trains on them.',
    last: true,
  }),
});
export type LossConfig = z.infer<typeof lossSchema>;
