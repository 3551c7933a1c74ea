import { createStore } from 'zustand/vanilla';
import type { MemoryPlan } from '../config/memoryPlan';
import type { DeviceReport, ModelReport } from '../config/reports';
import type { DataReport } from '../rubric/dataReport';
import type { Slot } from './slot';

/** What the four cards of Set up show. */
export interface SetupState {
  readonly device: Slot<DeviceReport>;
  readonly model: Slot<ModelReport>;
  readonly data: Slot<DataReport>;
  /** Of the recipe as it is now; null while it is being worked out. */
  readonly plan: MemoryPlan | null;
  readonly builtInModel: boolean;
  readonly builtInData: boolean;
  /** The files that were asked for last, to read them again with other columns. */
  readonly dataFiles: readonly File[];
}

export const initialSetup: SetupState = {
  device: { state: 'opening', label: 'Looking for a graphics adapter' },
  model: { state: 'opening', label: 'Opening the built-in model' },
  data: { state: 'opening', label: 'Opening the sample' },
  plan: null,
  builtInModel: true,
  builtInData: true,
  dataFiles: [],
};

export const setupStore = createStore<SetupState>(() => initialSetup);
