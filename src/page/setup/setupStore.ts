import { createStore } from 'zustand/vanilla';
import type { DataReport } from '../../domain/dataReport';
import type { MemoryPlan } from '../../domain/memoryPlan';
import type { DeviceReport, ModelReport } from '../../domain/reports';
import type { AsyncState } from '../connection/asyncState';

/** The state of the four cards of Set up. */
export interface SetupState {
  readonly device: AsyncState<DeviceReport>;
  readonly model: AsyncState<ModelReport>;
  readonly data: AsyncState<DataReport>;
  /** For the current recipe; null while it is computed. */
  readonly plan: MemoryPlan | null;
  /** Whether the open model is the built-in one. */
  readonly builtInModel: boolean;
  readonly builtInData: boolean;
  /** The files opened last, to read them again with other columns. */
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

/** Updates the open data. Ignored while another file opens: the card does not show this data then. */
export function reportData(report: DataReport): void {
  setupStore.setState(({ data }) => (data.state === 'ready' ? { data: { ...data, value: report } } : {}));
}
