import { z } from 'zod';
import { filterSchema } from '../filter';
import { evaluationSchema } from './evaluation';
import { field } from './field';
import { graderSchema } from './grader';
import { lengthPenaltySchema } from './lengthPenalty';
import { lossSchema } from './loss';
import { optimizerSchema } from './optimizer';
import { probesSchema } from './probes';
import { rubricsSchema } from './rubrics';
import { samplingSchema } from './sampling';
import { trainableSchema } from './trainable';
import { warmStartSchema } from './warmStart';

/**
 * Everything a run depends on besides the model and the data. Plain data: serialisable, comparable, usable on either
 * thread. Fields stand in the order of the page.
 */
export const recipeSchema = z.object({
  groupSize: field(z.number().int().min(1).max(256).default(8), {
    section: 'surface',
    title: 'Answers per prompt',
    help: 'Group size: each answer is compared with the others to its prompt. More answers make the comparison steadier and take longer.',
  }),
  promptsPerStep: field(z.number().int().min(1).max(1024).default(4), {
    section: 'surface',
    title: 'Prompts per step',
    help: 'Different prompts that are answered before each update.',
  }),
  sampling: samplingSchema.prefault({}),
  /** Its chat template decides when absent. */
  thinking: field(z.boolean().optional(), {
    section: 'answers',
    onPage: false,
    title: 'Thinking',
    help: 'Whether a reasoning model thinks before it answers.',
    labels: { absent: 'As in the chat template', true: 'On', false: 'Off' },
  }),
  maxPromptTokens: field(z.number().int().min(8).default(1024), {
    most: 32_768,
    section: 'answers',
    step: 64,
    title: 'Max prompt length',
    help: 'Longer prompts are skipped and counted.',
    unit: 'tokens',
  }),
  steps: field(z.number().int().min(1).default(60), {
    most: 100_000,
    section: 'surface',
    step: 10,
    title: 'Steps',
    help: 'Each step answers, grades and learns. You can stop at any time; the trained weights are saved.',
  }),
  grader: graderSchema.prefault({}),
  rubrics: rubricsSchema.prefault({}),
  loss: lossSchema.prefault({}),
  maxRefills: field(z.number().int().min(0).max(16).default(0), {
    section: 'reward',
    title: 'Extra sampling rounds, max',
    help: 'Prompts whose answers all have the same reward are replaced by other prompts, at most this many times per step (DAPO’s dynamic sampling); 0 is off.',
  }),
  lengthPenalty: lengthPenaltySchema.prefault({}),
  trainable: trainableSchema.prefault({ kind: 'lora' }),
  optimizer: optimizerSchema.prefault({}),
  warmStart: warmStartSchema.prefault({}),
  checkpointEvery: field(z.number().int().min(0).default(10), {
    most: 10_000,
    section: 'run',
    title: 'Save a checkpoint every',
    help: 'Steps between checkpoints; 0 saves only when you pause, stop or finish.',
    unit: 'steps',
  }),
  keepLast: field(z.number().int().min(0).default(3), {
    most: 10_000,
    section: 'run',
    title: 'Recent checkpoints to save',
    help: 'Older checkpoints are deleted after a save, except the one with the best held-out score and the one before the first step; 0 deletes none.',
  }),
  keepEvery: field(z.number().int().min(0).default(50), {
    most: 10_000,
    section: 'run',
    title: 'Never delete every',
    help: 'Checkpoints at multiples of this step are not deleted; 0 protects none.',
    unit: 'steps',
  }),
  probes: probesSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  /** Where no hard file says which. */
  heldOutShare: field(z.number().min(0).max(0.9).default(0.1), {
    section: 'run',
    title: 'Held-out share',
    help: 'Share of the prompts that the run never trains on, chosen by the seed.',
    step: 0.05,
  }),
  seed: field(z.number().int().min(0).max(0xffffffff).default(1), {
    section: 'run',
    title: 'Seed',
    help: 'The same seed on the same GPU gives the same run.',
  }),
  /** For training and held-out prompts alike; applied before the split. */
  filter: filterSchema.prefault({}),
});
export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeInput = z.input<typeof recipeSchema>;

/**
 * Whether the weights that the run started from are kept beside those in training: full fine-tuning changes every
 * weight, and the frozen grader, the KL reference, evaluation and probes ask the start. An adapter needs no copy, it is
 * switched off.
 */
export const keepsStart = ({ trainable, grader, loss, evaluation, probes }: Recipe): boolean =>
  trainable.kind === 'full' &&
  (grader.kind === 'frozen' || loss.klCoef > 0 || evaluation.every > 0 || probes.every > 0);

/**
 * The recipe of a saved run. One that was saved before checkpoints were pruned goes on without: a person may count on
 * each of them.
 */
export const savedRecipeSchema = z.preprocess(
  (saved) =>
    typeof saved === 'object' && saved !== null && !('keepLast' in saved) ? { ...saved, keepLast: 0 } : saved,
  recipeSchema,
);
