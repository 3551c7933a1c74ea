import { createStore } from 'zustand/vanilla';
import { EVALUATION_DEFAULTS, type EvaluationSettings } from '../../evaluation/evaluationRequest';
import type { EvaluationEntry, SavedEvaluation } from '../../evaluation/evaluations';
import type { Work } from '../../protocol/requests';
import { type CallState, openCall } from '../connection/calls';

/** The settings of the Evaluate screen. */
export interface EvaluationForm extends Omit<EvaluationSettings, 'seed' | 'heldOutShare' | 'filter'> {
  /** `open`, or `run/step` of a checkpoint. */
  readonly subject: string;
}

/** Seed, held-out share and filter come from the recipe. */
const { seed: _seed, heldOutShare: _share, filter: _filter, ...defaults } = EVALUATION_DEFAULTS;

export interface EvaluationState {
  readonly form: EvaluationForm;
  /** Saved ones, newest first; null until the worker has listed them. */
  readonly entries: readonly EvaluationEntry[] | null;
  readonly shown: SavedEvaluation | null;
}

export const initialEvaluation: EvaluationState = {
  form: { ...defaults, subject: 'open' },
  entries: null,
  shown: null,
};

export const evaluationStore = createStore<EvaluationState>(() => initialEvaluation);

export const selectForm = ({ form }: EvaluationState): EvaluationForm => form;
/** The worker runs one of these at a time. */
export type EvaluationKind = 'evaluate' | 'audit' | 'compare';
export const selectBusy = (calls: CallState): EvaluationKind | null =>
  (openCall(calls, 'evaluate', 'audit', 'compare')?.request.type as EvaluationKind | undefined) ?? null;
export const selectEvaluationWork = (calls: CallState): Work | null =>
  openCall(calls, 'evaluate', 'audit')?.work ?? null;
export const selectEntries = ({ entries }: EvaluationState): EvaluationState['entries'] => entries;
export const selectShownEvaluation = ({ shown }: EvaluationState): SavedEvaluation | null => shown;

export const changeForm = (change: Partial<EvaluationForm>): void =>
  evaluationStore.setState(({ form }) => ({ form: { ...form, ...change } }));
