import type { Mapping } from '../../data/mapping';
import type { DataSource, ModelSource } from '../../protocol/requests';
import { opening, ready, refused, settled } from '../connection/asyncState';
import { call, isOpen } from '../connection/calls';
import { failureOf } from '../connection/showFailure';
import { pathOf } from '../shell/droppedFiles';
import { setupStore } from './setupStore';

/** Opens model and data. A refusal shows on its card; the open model or data stays open. */

export async function openModel(source: ModelSource): Promise<void> {
  const builtIn = source.kind === 'builtIn';
  const paths = builtIn ? [] : source.files.map(pathOf);
  const label = builtIn ? 'Opening the built-in model' : `Opening ${nameModel(source.files, paths)}`;
  setupStore.setState(({ model }) => ({ model: opening(model, label), plan: null }));
  const again = () => isOpen('openModel');
  try {
    const value = await call({ type: 'openModel', source: builtIn ? source : { ...source, paths } });
    setupStore.setState(({ model }) => ({ model: settled(model, ready(value), again()), builtInModel: builtIn }));
  } catch (error) {
    setupStore.setState(({ model }) => ({ model: settled(model, refused(model, failureOf(error)), again()) }));
  }
}

export async function openData(source: DataSource, mapping?: Mapping): Promise<void> {
  const builtIn = source.kind === 'builtIn';
  const label = builtIn ? 'Opening the sample' : `Reading ${nameFiles(source.files)}`;
  setupStore.setState(({ data }) => ({ data: opening(data, label), dataFiles: builtIn ? [] : source.files }));
  const again = () => isOpen('openData');
  try {
    const value = await call({ type: 'openData', source, ...(mapping && { mapping }) });
    setupStore.setState(({ data }) => ({ data: settled(data, ready(value), again()), builtInData: builtIn }));
  } catch (error) {
    setupStore.setState(({ data }) => ({ data: settled(data, refused(data, failureOf(error)), again()) }));
  }
}

const nameFiles = (files: readonly File[]): string => (files.length === 1 ? files[0]!.name : `${files.length} files`);

/** The folder, when all files come from one. */
function nameModel(files: readonly File[], paths: readonly string[]): string {
  const folders = new Set(paths.map((path) => path.split('/').slice(0, -1)[0] ?? ''));
  const [folder] = folders;
  return files.length > 1 && folders.size === 1 && folder ? folder : nameFiles(files);
}
