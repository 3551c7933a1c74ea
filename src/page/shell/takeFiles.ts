import { reportFailure } from '../connection/failureStore';
import { runStore } from '../run/runStore';
import { openData, openModel } from '../setup/setupActions';
import { sortFiles } from './droppedFiles';
import { go } from './viewStore';

/** Opens what was dropped or picked, or says why not. */
export function takeFiles(files: readonly File[]): void {
  const { model, data, unknown } = sortFiles(files);
  if (runStore.getState().live.name !== 'idle') {
    reportFailure({
      kind: 'badConfig',
      message: 'A run is in progress, so the files were not opened.',
      advice: 'Stop the run first; it is saved and can be continued later.',
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
    message: `${unknown[0] ?? 'That'} is neither a model nor data.`,
    advice: unknown[0]?.endsWith('.zip')
      ? 'Unpack it first, then drop the folder that comes out.'
      : 'Models are a .gguf file or a checkpoint folder with config.json and .safetensors; data is .jsonl.',
    details: unknown.join('\n'),
    runId: null,
  });
}
