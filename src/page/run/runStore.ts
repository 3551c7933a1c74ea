import { createStore } from 'zustand/vanilla';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { WarmStartMetrics } from '../../domain/metrics/warmStartMetrics';
import type { RunSummary } from '../../domain/run';
import type { OpenedRun, Work } from '../../protocol/requests';

/** The run that the worker drives right now, if any. `pausing` and `stopping` last until the next safe point. */
export type Live =
  | { readonly name: 'idle' }
  | { readonly name: 'starting' }
  | { readonly name: 'running' | 'stepping' | 'pausing' | 'stopping' | 'paused'; readonly runId: string };

export interface RunState {
  readonly live: Live;
  /** Of the live run, from its start. */
  readonly work: Work | null;
  /** Of the whole live run. */
  readonly secondsLeft: number | null;
  /** Saved runs, newest first. Null until the worker has listed them. */
  readonly runs: readonly RunSummary[] | null;
  /** The run that Train and Rollouts show. */
  readonly shownId: string | null;
  readonly metrics: Readonly<Record<string, readonly StepMetrics[]>>;
  /** Supervised steps before the first step, of runs opened or started here. */
  readonly warmStart: Readonly<Record<string, readonly WarmStartMetrics[]>>;
}

export const initialRun: RunState = {
  live: { name: 'idle' },
  work: null,
  secondsLeft: null,
  runs: null,
  shownId: null,
  metrics: {},
  warmStart: {},
};

export const runStore = createStore<RunState>(() => initialRun);

export const NO_LIVE_RUN = { live: { name: 'idle' }, work: null, secondsLeft: null } as const;

export function withRun({ runs }: RunState, run: RunSummary): Pick<RunState, 'runs'> {
  return { runs: newestFirst([run, ...(runs ?? []).filter(({ runId }) => runId !== run.runId)]) };
}

const newestFirst = (runs: readonly RunSummary[]): readonly RunSummary[] =>
  [...runs].sort((a, b) => b.startedAt.localeCompare(a.startedAt));

const isAlive = (runs: readonly RunSummary[], id: string): boolean =>
  runs.some(({ runId, status }) => runId === id && (status === 'running' || status === 'paused'));

/** The list also shows whether a failure ended the live run: a full disk costs a checkpoint, not the run. */
export function setRuns(runs: readonly RunSummary[]): void {
  runStore.setState(({ shownId, live }) => ({
    runs: newestFirst(runs),
    shownId: runs.some(({ runId }) => runId === shownId) ? shownId : null,
    ...('runId' in live && !isAlive(runs, live.runId) ? NO_LIVE_RUN : {}),
  }));
}

export function showOpenedRun({ run, metrics, warmStart }: OpenedRun): void {
  runStore.setState((state) => ({
    ...withRun(state, run),
    shownId: run.runId,
    metrics: { ...state.metrics, [run.runId]: metrics },
    warmStart: { ...state.warmStart, [run.runId]: warmStart },
  }));
}

const NO_METRICS: readonly StepMetrics[] = [];
const NO_WARM_STEPS: readonly WarmStartMetrics[] = [];

export const selectLive = (state: RunState): Live => state.live;
export const selectWork = ({ work }: RunState): Work | null => work;
export const selectLiveId = ({ live }: RunState): string | null => ('runId' in live ? live.runId : null);
export const selectShownId = (state: RunState): string | null => state.shownId;
export const selectRuns = (state: RunState): readonly RunSummary[] | null => state.runs;
export const selectShown = ({ runs, shownId }: RunState): RunSummary | null =>
  runs?.find((run) => run.runId === shownId) ?? null;
export const selectLiveRun = (state: RunState): RunSummary | null => {
  const id = selectLiveId(state);
  return id === null ? null : (state.runs?.find((run) => run.runId === id) ?? null);
};
/** Metrics of the shown run, oldest first. */
export const selectMetrics = ({ metrics, shownId }: RunState): readonly StepMetrics[] =>
  (shownId === null ? undefined : metrics[shownId]) ?? NO_METRICS;

/** Supervised steps of the shown run, in order. */
export const selectWarmStart = ({ warmStart, shownId }: RunState): readonly WarmStartMetrics[] =>
  (shownId === null ? undefined : warmStart[shownId]) ?? NO_WARM_STEPS;

/** True while closing the tab would lose work. */
export function wouldLoseWork(state: RunState): boolean {
  const { live } = state;
  if (live.name === 'idle') return false;
  if (live.name !== 'paused') return true;
  const run = selectLiveRun(state);
  return run !== null && !run.checkpoints.some(({ step }) => step === run.step);
}

/** The newest run interrupted by a closed tab or a lost device, when no run is live. */
export const selectInterrupted = ({ live, runs }: RunState): RunSummary | null =>
  live.name === 'idle' ? (runs?.find((run) => run.status === 'interrupted') ?? null) : null;
