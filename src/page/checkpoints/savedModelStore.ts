import { createStore } from 'zustand/vanilla';
import type { SavedModelReport } from '../../domain/reports';

/** Copies of models in this browser; null until the worker has listed them. */
export const savedModelStore = createStore<{ readonly models: readonly SavedModelReport[] | null }>(() => ({
  models: null,
}));
