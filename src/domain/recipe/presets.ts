import { PROJECTIONS } from '../model';
import type { RecipeInput } from './recipe';

/** A recipe to start from. */
export interface Preset {
  readonly id:
    | 'demo'
    | 'selfRewarding'
    | 'frozenGrader'
    | 'lowMemory'
    | 'published'
    | 'published32B'
    | 'trlGrpo'
    | 'trlLora';
  readonly title: string;
  /** What it is for, in a sentence or two. */
  readonly help: string;
  readonly config: RecipeInput;
}

/** The published method at a size for one machine. */
const selfRewarding = {
  steps: 100,
  promptsPerStep: 4,
  groupSize: 8,
  sampling: { maxNewTokens: 512 },
  grader: { mode: 'forced', sampling: { temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 96 } },
  optimizer: { learningRate: 2e-5, warmupSteps: 5, microBatchTokens: 4096 },
  probes: { every: 10, items: 8 },
} satisfies RecipeInput;

/** run_qwen3_8B.sh of the method's code. */
const published = {
  steps: 1250,
  promptsPerStep: 32,
  groupSize: 4,
  maxPromptTokens: 2048,
  sampling: { maxNewTokens: 6144 },
  grader: {
    mode: 'json',
    tries: 3,
    ungraded: 'notMet',
    sampling: { temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 16384 },
  },
  optimizer: { learningRate: 1e-6, warmupSteps: 10, weightDecay: 0.1, stepsPerRollout: 4, microBatchTokens: 9216 },
  trainable: { kind: 'full' },
  checkpointEvery: 50,
} satisfies RecipeInput;

/** GRPOConfig's defaults where it has one; the grader stands for its reward function. */
const trl = {
  steps: 100,
  promptsPerStep: 4,
  groupSize: 8,
  sampling: { maxNewTokens: 512 },
  grader: selfRewarding.grader,
  loss: { type: 'dapo', clipLow: 0.2, clipHigh: 0.2, scaleRewards: 'group' },
  optimizer: { learningRate: 1e-6, schedule: 'linear', microBatchTokens: 4096 },
  trainable: { kind: 'full' },
} satisfies RecipeInput;

/** Clip range, group normalisation and loss are the schema's defaults unless said: those of the published method. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'demo',
    title: '10-minute demo',
    help: 'The built-in model learns its small world in under ten minutes (three without a graphics card, on two processor cores), grading itself without writing reasons.',
    config: {
      steps: 60,
      promptsPerStep: 4,
      groupSize: 8,
      maxPromptTokens: 64,
      sampling: { maxNewTokens: 64 },
      // Nothing in its rubrics costs length: without this, answers grow past what the model can write well.
      lengthPenalty: { overlongTokens: 16, overlongPenalty: 0.5 },
      grader: { mode: 'verdict' },
      optimizer: { learningRate: 3e-4, warmupSteps: 5 },
      trainable: { kind: 'full' },
      probes: { every: 20, items: 4 },
      checkpointEvery: 10,
    },
  },
  {
    id: 'selfRewarding',
    title: 'Self-rewarding',
    help: 'The published method at a size for one machine: the model gives a reason for each criterion, then its verdict. Scaled: prompts and steps, answer length, an adapter with a higher learning rate.',
    config: selfRewarding,
  },
  {
    id: 'frozenGrader',
    title: 'Frozen grader',
    help: 'As self-rewarding, but the model as it started grades: the grader cannot drift with the answers.',
    config: { ...selfRewarding, grader: { ...selfRewarding.grader, kind: 'frozen' } },
  },
  {
    id: 'lowMemory',
    title: 'Low memory',
    help: 'As self-rewarding in the least memory: short answers and prompts, a small adapter on attention, small micro-batches, verdicts without reasons.',
    config: {
      ...selfRewarding,
      promptsPerStep: 2,
      groupSize: 4,
      maxPromptTokens: 384,
      sampling: { maxNewTokens: 192 },
      grader: { mode: 'verdict' },
      optimizer: { learningRate: 2e-5, warmupSteps: 5, microBatchTokens: 512 },
      trainable: { kind: 'lora', rank: 8, alpha: 16, targets: ['q_proj', 'v_proj'] },
    },
  },
  {
    id: 'published',
    title: 'Paper, 8B',
    help: 'The method’s own 8B run, nothing scaled: 1,250 steps of 32 prompts, answers of up to 6,144 tokens, free JSON grades, all weights. For a very large GPU: lower the sizes for yours.',
    config: published,
  },
  {
    id: 'published32B',
    title: 'Paper, 32B',
    help: 'The method’s script for 32B, nothing scaled: as for 8B, but each token counts the same, so long answers count more. For a very large GPU: lower the sizes for yours.',
    config: { ...published, loss: { type: 'dapo' } },
  },
  {
    id: 'trlGrpo',
    title: 'TRL GRPO',
    help: 'What TRL’s GRPOTrainer does unless told otherwise, all weights, with our grader as its reward. Differs in sizes: 4 prompts a step, 100 steps.',
    config: trl,
  },
  {
    id: 'trlLora',
    title: 'TRL LoRA',
    help: 'As TRL GRPO with the adapter that TRL’s scripts make (rank 16, alpha 32, query and value projections; no dropout here) and ten times the learning rate, as its guide advises for LoRA.',
    config: {
      ...trl,
      optimizer: { ...trl.optimizer, learningRate: 1e-5 },
      trainable: {
        kind: 'lora',
        rank: 16,
        alpha: 32,
        targets: PROJECTIONS.filter((name) => name === 'q_proj' || name === 'v_proj'),
      },
    },
  },
];
