import { createStore } from 'zustand/vanilla';
import type { DataReport } from '../../domain/dataReport';
import type { MemoryPlan } from '../../domain/memoryPlan';
import type { DeviceReport, ModelReport } from '../../domain/reports';
import type { AsyncState } from '../connection/asyncState';

/** What the four cards of Set up show. */
export interface SetupState {
  readonly device: AsyncState<DeviceReport>;
  readonly model: AsyncState<ModelReport>;
  readonly data: AsyncState<DataReport>;
  /** Of the recipe as it is now; null while it is being worked out. */
  readonly plan: MemoryPlan | null;
  /** Whether the open model is the built-in one. */
  readonly builtInModel: boolean;
  readonly builtInData: boolean;
  /** The files that were asked for last, to read them again with other columns. */
  readonly dataFiles: readonly File[];
}

export const initialSetup: SetupState = {
  device: { state: 'opening', label: 'Looking for a graphics adapter', before: null },
  model: { state: 'opening', label: 'Opening the built-in model', before: null },
  data: { state: 'opening', label: 'Opening the sample', before: null },
  plan: null,
  builtInModel: true,
  builtInData: true,
  dataFiles: [],
};

export const setupStore = createStore<SetupState>(() => initialSetup);

/** The open data anew. Not while another file is being opened: then it is not what the card shows. */
export function reportData(report: DataReport): void {
  setupStore.setState(({ data }) => (data.state === 'ready' ? { data: { ...data, value: report } } : {}));
}
