import { createStore } from 'zustand/vanilla';
import type { KeptModelReport } from '../config/reports';

/** Copies of models in this browser; null until the worker has listed them. */
export const keptModelStore = createStore<{ readonly models: readonly KeptModelReport[] | null }>(() => ({
  models: null,
}));
