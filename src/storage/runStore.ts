import type { StepMetrics } from '../domain/metrics/metrics';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { CheckpointSummary, RunSummary } from '../domain/run';
import type { EvaluationEntry, SavedEvaluation } from '../evaluation/evaluations';

/**
 * What a run needs to go on after a step as if it had never stopped. Parts are named by their writer: `adapter` or
 * `weights`, `optimizer`, `state.json` (random counters, position in the data). A part name is letters, digits, dots
 * and dashes.
 */
export interface RunCheckpoint {
  /** Steps done when it was made; steps count from 1. */
  readonly step: number;
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

/**
 * Keeps runs. Two implementations: browserRunStore.ts (IndexedDB and the origin's private file system, OPFS, in a
 * worker) and folderRunStore.ts (files, for the command line and tests). Every write is whole or not at all: a reader
 * never sees half a step or half a checkpoint, whenever the tab or process died. Writes throw DiskFull when there is no
 * room (a live run then ends); everything about an unknown run throws an Error that names it.
 */
export interface RunStore {
  /**
   * Throws when the id is taken. `checkpoints` of the summary is ignored here and in updateRun: the store knows its
   * own.
   */
  createRun(run: RunSummary): Promise<void>;
  updateRun(
    runId: string,
    change: Partial<Pick<RunSummary, 'name' | 'status' | 'modelId' | 'step' | 'steps' | 'lastReward' | 'config'>>,
  ): Promise<RunSummary>;
  /** Newest first, with their checkpoints in order of step. */
  listRuns(): Promise<RunSummary[]>;
  loadRun(runId: string): Promise<RunSummary | null>;
  deleteRun(runId: string): Promise<void>;

  /**
   * Keeps a step's numbers and answers together, and the summary's `step` and `lastReward` with them. A step that is
   * there is replaced.
   */
  appendStep(runId: string, metrics: StepMetrics, rollouts: readonly RolloutRecord[]): Promise<void>;
  /** Replaces the numbers of a step whose answers are kept already. */
  updateStep(runId: string, metrics: StepMetrics): Promise<void>;
  /** In order of step. */
  loadMetrics(runId: string): Promise<StepMetrics[]>;
  /** Empty for a step without any. */
  loadRollouts(runId: string, step: number): Promise<RolloutRecord[]>;
  /**
   * Forgets steps and checkpoints above `step`: what a run that goes on from the checkpoint of `step` will make anew.
   */
  rewind(runId: string, step: number): Promise<void>;

  /** A checkpoint of the same step is replaced. */
  saveCheckpoint(
    runId: string,
    checkpoint: RunCheckpoint,
    about: { reward: number | null },
  ): Promise<CheckpointSummary>;
  /** Null when there is no checkpoint of that step. Throws DamagedCheckpoint, and its summary then says so. */
  loadCheckpoint(runId: string, step: number): Promise<RunCheckpoint | null>;
  deleteCheckpoint(runId: string, step: number): Promise<void>;

  /** Other things that belong to the run, such as its data rows. */
  saveFile(runId: string, name: string, bytes: Uint8Array): Promise<void>;
  loadFile(runId: string, name: string): Promise<Uint8Array | null>;
  /**
   * Puts a JSON line at the end of such a file. The others are not written again; a reader may find a last line without
   * its line feed, which does not count.
   */
  appendLine(runId: string, name: string, value: unknown): Promise<void>;

  /** Evaluations and audits stand beside the runs: a model that was never trained can be evaluated too. */
  saveEvaluation(kept: SavedEvaluation): Promise<void>;
  /** Newest first. */
  listEvaluations(): Promise<EvaluationEntry[]>;
  loadEvaluation(id: string): Promise<SavedEvaluation | null>;
  deleteEvaluation(id: string): Promise<void>;
}

/**
 * Names of runs, parts and files become names of files and folders: no separators, nothing hidden. Throws otherwise.
 */
export function checkName(name: string): string {
  if (/^[^./\\\0][^/\\\0]{0,199}$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name)} cannot name a run or a file of one`);
}
