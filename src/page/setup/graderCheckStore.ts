import { createStore } from 'zustand/vanilla';
import type { Recipe } from '../../domain/recipe/recipe';
import type { GraderCheck } from '../../evaluation/graderCheck';
import { call, isOpen } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { recipeStore } from './recipe/recipeStore';
import { type SetupState, setupStore } from './setupStore';

/** The last check of a grader, and what it was a check of. */
export interface GraderCheckState {
  readonly check: GraderCheck | null;
  readonly of: string;
  /** The person trains although the check said no. */
  readonly anyway: boolean;
}

export const graderCheckStore = createStore<GraderCheckState>(() => ({ check: null, of: '', anyway: false }));

/** What a check depends on: another model, other data or another grader needs another check. */
export const checkedOf = (config: Recipe, { model, data }: SetupState): string =>
  JSON.stringify([
    config.grader,
    model.state === 'ready' && model.value.id,
    data.state === 'ready' && [data.value.name, data.value.rows],
  ]);

/** Grades pairs of answers with the grader of the recipe. */
export function checkGrader(): void {
  if (isOpen('checkGrader')) return;
  const { config } = recipeStore.getState();
  const of = checkedOf(config, setupStore.getState());
  call({ type: 'checkGrader', config }).then(
    (check) => graderCheckStore.setState({ check, of, anyway: false }),
    showRejection,
  );
}

export const trainAnyway = (anyway: boolean): void => graderCheckStore.setState({ anyway });
