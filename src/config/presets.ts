import type { RunConfigInput } from './run';

/** A recipe to start from. */
export interface Preset {
  readonly id: 'demo' | 'selfRewarding' | 'frozenGrader' | 'published';
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly help: string;
  readonly config: RunConfigInput;
}

/** Clip range, group normalisation and loss are the schema's defaults everywhere: those of the published method. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'demo',
    title: 'Demo',
    help: 'The built-in model learns its small world in minutes, grading itself without writing reasons.',
    config: {
      steps: 60,
      promptsPerStep: 4,
      groupSize: 8,
      maxPromptTokens: 64,
      sampling: { maxNewTokens: 72 },
      grader: { mode: 'verdict' },
      optimizer: { learningRate: 3e-4, warmupSteps: 5 },
      trainable: { kind: 'full' },
      checkpointEvery: 10,
    },
  },
  {
    id: 'selfRewarding',
    title: 'Self-rewarding',
    help: 'The published method at a size for one machine: the model gives a reason for each criterion, then its verdict.',
    config: {
      steps: 100,
      promptsPerStep: 4,
      groupSize: 8,
      sampling: { maxNewTokens: 512 },
      grader: { mode: 'forced', sampling: { temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 96 } },
      optimizer: { learningRate: 2e-5, warmupSteps: 5, microBatchTokens: 4096 },
    },
  },
  {
    id: 'frozenGrader',
    title: 'Frozen grader',
    help: 'As self-rewarding, but the model as it started grades: the grader cannot drift with the answers.',
    config: {
      steps: 100,
      promptsPerStep: 4,
      groupSize: 8,
      sampling: { maxNewTokens: 512 },
      grader: {
        kind: 'frozen',
        mode: 'forced',
        sampling: { temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 96 },
      },
      optimizer: { learningRate: 2e-5, warmupSteps: 5, microBatchTokens: 4096 },
    },
  },
  {
    id: 'published',
    title: 'As published (8B)',
    help: 'The settings of the method’s own 8B run: 1,250 steps of 32 prompts, answers of up to 6,144 tokens, free JSON grades, all weights. For a very large GPU.',
    config: {
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
      optimizer: {
        learningRate: 1e-6,
        warmupSteps: 10,
        weightDecay: 0.1,
        stepsPerRollout: 4,
        microBatchTokens: 9216,
      },
      trainable: { kind: 'full' },
      checkpointEvery: 50,
    },
  },
];
