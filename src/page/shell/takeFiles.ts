import { reportFailure } from '../connection/failureStore';
import { runStore } from '../run/runStore';
import { openData, openModel } from '../setup/setupActions';
import { sortFiles } from './droppedFiles';
import { go } from './viewStore';

/** Opens dropped or picked files, or says why not. */
export function takeFiles(files: readonly File[]): void {
  const { model, data, unknown } = sortFiles(files);
  if (runStore.getState().live.name !== 'idle') {
    reportFailure({
      kind: 'badConfig',
      message: 'The files were not opened because a run is in progress.',
      advice: 'Stop the run first. It is saved and can be continued.',
      details: '',
      runId: null,
    });
    return;
  }
  if (model.length > 0) openModel({ kind: 'files', files: model });
  if (data.length > 0) openData({ kind: 'files', files: data });
  if (model.length + data.length > 0) {
    go({ page: 'setup' });
    return;
  }
  reportFailure({
    kind: 'badData',
    message: `${unknown[0] ?? 'This'} is neither a model nor data.`,
    advice: unknown[0]?.endsWith('.zip')
      ? 'Unzip it, then drop the folder.'
      : 'Open a .gguf file or a checkpoint folder with config.json and .safetensors as the model, or .jsonl as data.',
    details: unknown.join('\n'),
    runId: null,
  });
}
