import type { StepMetrics } from '../../domain/metrics/metrics';
import { problems } from '../../domain/recipe/problems';
import type { RunSummary } from '../../domain/run';
import type { AnyRequest, RequestKind } from '../../protocol/requests';
import { call } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { recipeStore } from '../setup/recipe/recipeStore';
import { NO_LIVE_RUN, runStore, selectLiveId, setRuns, showOpenedRun } from './runStore';

/** The actions on runs. Each sets the page's state at once and makes a call. */

export function start(): void {
  const { config } = recipeStore.getState();
  if (problems(config).length === 0) begin({ type: 'start', config }, null);
}

export const continueRun = ({ runId }: RunSummary, checkpointStep: number): void =>
  begin({ type: 'continueRun', runId, checkpointStep }, runId);

/** The notice `started` shows the run; this only ends the wait for it. */
function begin(request: Extract<AnyRequest, { type: 'start' | 'continueRun' }>, shownId: string | null): void {
  runStore.setState({ live: { name: 'starting' }, shownId });
  const notStarted = () => runStore.setState(({ live }) => (live.name === 'starting' ? NO_LIVE_RUN : {}));
  call<'start' | 'continueRun'>(request).then(
    (run) => {
      if (run) return;
      notStarted();
      listRuns();
    },
    (error) => {
      notStarted();
      showRejection(error);
      listRuns();
    },
  );
}

export const pause = (): void => liveBecomes('pausing', 'pause');
export const resume = (): void => liveBecomes('running', 'resume');
export const stepOnce = (): void => liveBecomes('stepping', 'stepOnce');
/** Also cancels a run that is still opening. */
export const stop = (): void =>
  runStore.getState().live.name === 'starting' ? ask('stop') : liveBecomes('stopping', 'stop');

function liveBecomes(
  name: 'pausing' | 'running' | 'stepping' | 'stopping',
  type: 'pause' | 'resume' | 'stepOnce' | 'stop',
): void {
  const runId = selectLiveId(runStore.getState());
  if (runId === null) return;
  runStore.setState({ live: { name, runId } });
  ask(type);
}

export const saveCheckpoint = (): void => ask('saveCheckpoint');

function ask(type: Extract<RequestKind, 'pause' | 'resume' | 'stepOnce' | 'stop' | 'saveCheckpoint'>): void {
  call({ type }).catch(showRejection);
}

export function listRuns(): void {
  call({ type: 'listRuns' }).then(setRuns, showRejection);
}

/** Shows a saved run; loads its metrics unless they are loaded. */
export function showRun(runId: string): void {
  if (runStore.getState().metrics[runId]) {
    runStore.setState({ shownId: runId });
    return;
  }
  const before: StepMetrics[] = [];
  call({ type: 'openRun', runId }, (part) => {
    if ('metrics' in part) before.push(...part.metrics);
  }).then((opened) => showOpenedRun({ ...opened, metrics: [...before, ...opened.metrics] }), showRejection);
}

/** The worker has stopped, and the run with it. */
export const runIsOver = (): void => runStore.setState(NO_LIVE_RUN);
