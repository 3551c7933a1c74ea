import type { Mapping } from '../../data/mapping';
import { problems } from '../../domain/recipe/problems';
import type { RunSummary } from '../../domain/run';
import type { DataSource, ExportKind, ModelSource } from '../../protocol/protocol';
import { send } from '../connection/send';
import { wantRollouts } from '../rollouts/rolloutStore';
import { recipeStore } from '../setup/recipe/recipeStore';
import { setupStore } from '../setup/setupStore';
import { pathOf } from '../shell/droppedFiles';
import { runStore, selectLiveId } from './runStore';

/** Everything that a person can ask for. Each sets what the page knows at once and sends a command. */

export function openModel(source: ModelSource): void {
  const paths = source.kind === 'files' ? source.files.map(pathOf) : [];
  const label = source.kind === 'builtIn' ? 'Opening the built-in model' : `Opening ${nameModel(source.files, paths)}`;
  setupStore.setState({ model: { state: 'opening', label }, plan: null, builtInModel: source.kind === 'builtIn' });
  send({ type: 'openModel', source: source.kind === 'files' ? { ...source, paths } : source });
}

export function openData(source: DataSource, mapping?: Mapping): void {
  const label = source.kind === 'builtIn' ? 'Opening the sample' : `Reading ${nameFiles(source.files)}`;
  const dataFiles = source.kind === 'files' ? source.files : [];
  setupStore.setState({ data: { state: 'opening', label }, builtInData: source.kind === 'builtIn', dataFiles });
  send({ type: 'openData', source, ...(mapping && { mapping }) });
}

export function start(): void {
  const { config } = recipeStore.getState();
  if (problems(config).length > 0) return;
  runStore.setState({ live: { name: 'starting' }, shownId: null });
  send({ type: 'start', config });
}

export function continueRun(run: RunSummary, checkpointStep: number): void {
  runStore.setState({ live: { name: 'starting' }, shownId: run.runId });
  send({ type: 'continueRun', runId: run.runId, checkpointStep });
}

export const pause = (): void => liveBecomes('pausing', { type: 'pause' });
export const resume = (): void => liveBecomes('running', { type: 'resume' });
export const stepOnce = (): void => liveBecomes('stepping', { type: 'stepOnce' });
/** Also gives up a run that is still being opened. */
export const stop = (): void =>
  runStore.getState().live.name === 'starting' ? send({ type: 'stop' }) : liveBecomes('stopping', { type: 'stop' });

function liveBecomes(name: 'pausing' | 'running' | 'stepping' | 'stopping', command: Parameters<typeof send>[0]): void {
  const runId = selectLiveId(runStore.getState());
  if (runId === null) return;
  runStore.setState({ live: { name, runId } });
  send(command);
}

export const saveCheckpoint = (): void => send({ type: 'saveCheckpoint' });

export const listRuns = (): void => send({ type: 'listRuns' });

/** Shows a kept run; its metrics are asked for unless they are here. */
export function showRun(runId: string): void {
  const { metrics } = runStore.getState();
  if (metrics[runId]) runStore.setState({ shownId: runId });
  else send({ type: 'openRun', runId });
}

export const deleteRun = (runId: string): void => send({ type: 'deleteRun', runId });
export const deleteCheckpoint = (runId: string, step: number): void => send({ type: 'deleteCheckpoint', runId, step });
export const listModels = (): void => send({ type: 'listModels' });
export const deleteModel = (id: string): void => send({ type: 'deleteModel', id });
export const exportRun = (runId: string, kind: ExportKind, checkpointStep?: number): void =>
  send({ type: 'export', runId, kind, checkpointStep });

export function loadRollouts(runId: string, step: number): void {
  if (wantRollouts(runId, step)) send({ type: 'loadRollouts', runId, step });
}

const nameFiles = (files: readonly File[]): string => (files.length === 1 ? files[0]!.name : `${files.length} files`);

/** By the folder, where all files come from one. */
function nameModel(files: readonly File[], paths: readonly string[]): string {
  const folders = new Set(paths.map((path) => path.split('/').slice(0, -1)[0] ?? ''));
  const [folder] = folders;
  return files.length > 1 && folders.size === 1 && folder ? folder : nameFiles(files);
}
