import type { Recipe } from './recipe/recipe';

export interface CheckpointSummary {
  readonly step: number;
  readonly savedAt: string; // ISO date
  readonly bytes: number;
  readonly reward: number | null;
  /** What was wrong with it when it was read last; absent while nothing is known to be. */
  readonly damaged?: string;
}

/** What a run's model is called after a step, wherever it is named: `run-1, step 2`. */
export const checkpointName = ({ name }: Pick<RunSummary, 'name'>, step: number): string => `${name}, step ${step}`;

/** The newest checkpoint that is not known to be damaged. */
export const newestCheckpoint = ({ checkpoints }: Pick<RunSummary, 'checkpoints'>): CheckpointSummary | undefined =>
  checkpoints.findLast(({ damaged }) => damaged === undefined);

export interface RunSummary {
  readonly runId: string;
  readonly name: string;
  readonly startedAt: string; // ISO date
  readonly status: 'running' | 'paused' | 'stopped' | 'finished' | 'interrupted' | 'diskFull' | 'failed';
  readonly modelName: string;
  /** ModelReport.id of what it started from. */
  readonly modelId: string;
  readonly dataName: string;
  /** Steps finished. */
  readonly step: number;
  readonly steps: number;
  readonly lastReward: number | null;
  readonly config: Recipe;
  readonly checkpoints: readonly CheckpointSummary[];
}
