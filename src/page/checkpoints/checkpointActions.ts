import type { ExportedFile, ExportKind, Request } from '../../protocol/requests';
import { call } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { listRuns } from '../run/runActions';
import { saveFile } from '../shell/saveFile';
import { tell } from '../shell/toastStore';
import { savedModelStore } from './savedModelStore';

/**
 * The actions on saved runs, checkpoints and models. The page reloads the list after each; a refusal may mean that
 * another tab has changed it.
 */

export const deleteRun = (runId: string): void => removeRun({ type: 'deleteRun', runId });
export const deleteCheckpoint = (runId: string, step: number): void =>
  removeRun({ type: 'deleteCheckpoint', runId, step });

function removeRun(request: Request<'deleteRun'> | Request<'deleteCheckpoint'>): void {
  call<'deleteRun' | 'deleteCheckpoint'>(request).catch(showRejection).finally(listRuns);
}

export function listModels(): void {
  call({ type: 'listModels' }).then((models) => savedModelStore.setState({ models }), showRejection);
}

export function deleteModel(id: string): void {
  call({ type: 'deleteModel', id }).catch(showRejection).finally(listModels);
}

export function exportRun(runId: string, kind: ExportKind, checkpointStep?: number): void {
  call({ type: 'exportRun', runId, kind, checkpointStep }).then(download, showRejection);
}

export function download({ name, file }: ExportedFile): void {
  saveFile(name, file);
  tell(`${name} saved to your downloads`);
}
