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
  /** Its purpose, in one or two sentences. */
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
    help: 'Trains the built-in model on the built-in sample in under ten minutes (three minutes on two processor cores, without a graphics card). The model grades itself and gives verdicts without reasons.',
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
    help: 'The published method, scaled to one machine. The model grades itself: for each criterion a reason, then the verdict. Smaller than published: prompts, steps and answer length. A LoRA adapter with a higher learning rate replaces full fine-tuning.',
    config: selfRewarding,
  },
  {
    id: 'frozenGrader',
    title: 'Frozen grader',
    help: 'Same as Self-rewarding, but the frozen starting model grades, so the grader cannot drift.',
    config: { ...selfRewarding, grader: { ...selfRewarding.grader, kind: 'frozen' } },
  },
  {
    id: 'lowMemory',
    title: 'Low memory',
    help: 'Self-rewarding with the least memory: short prompts and answers, small micro-batches, verdicts without reasons, and a small adapter on attention.',
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
    help: 'The published 8B run at full size: 1,250 steps of 32 prompts, answers of up to 6,144 tokens, grades in free JSON, all weights trained. Needs a very large GPU; reduce the sizes for yours.',
    config: published,
  },
  {
    id: 'published32B',
    title: 'Paper, 32B',
    help: 'The published 32B script at full size: same as Paper, 8B, but with the DAPO loss, where every token counts the same. Needs a very large GPU; reduce the sizes for yours.',
    config: { ...published, loss: { type: 'dapo' } },
  },
  {
    id: 'trlGrpo',
    title: 'TRL GRPO',
    help: 'The defaults of TRL’s GRPOTrainer with all weights trained and our grader as the reward. Only the sizes differ: 4 prompts per step, 100 steps.',
    config: trl,
  },
  {
    id: 'trlLora',
    title: 'TRL LoRA',
    help: 'Same as TRL GRPO, with the LoRA adapter of TRL’s scripts (rank 16, alpha 32, query and value projections, but no dropout) and ten times the learning rate, as TRL’s guide advises for LoRA.',
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
