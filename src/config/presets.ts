import type { RunConfigInput } from './run';

export interface Preset {
  readonly id: 'demo' | 'selfRewarding' | 'lowMemory';
  readonly title: string;
  /** One line: what it is for. */
  readonly help: string;
  readonly config: RunConfigInput;
}

/** Starting points for a recipe. The first one is chosen for the built-in model, the second for any other. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'demo',
    title: 'Demo',
    help: 'For the built-in model and sample: learns visibly within 60 steps.',
    config: {
      steps: 60,
      promptsPerStep: 4,
      groupSize: 8,
      maxPromptTokens: 256,
      sampling: { maxNewTokens: 64 },
      grader: { mode: 'verdict' },
      optimizer: { learningRate: 1e-3 },
    },
  },
  {
    id: 'selfRewarding',
    title: 'Self-rewarding',
    help: 'The published recipe: the model grades its own answers, no KL term, clip 0.2 and 0.28.',
    config: {},
  },
  {
    id: 'lowMemory',
    title: 'Low memory',
    help: 'Shorter answers, smaller groups and a small adapter, for adapters that share memory with the screen.',
    config: {
      promptsPerStep: 2,
      groupSize: 4,
      maxPromptTokens: 512,
      sampling: { maxNewTokens: 128 },
      grader: { mode: 'verdict' },
      optimizer: { microBatchTokens: 512 },
      trainable: { kind: 'lora', rank: 8, alpha: 16 },
    },
  },
];
