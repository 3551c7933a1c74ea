import { createStore } from 'zustand/vanilla';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { call, callStore } from '../connection/calls';
import { showRejection } from '../connection/showFailure';

/** Steps of rollouts that the page holds; the worker has all of them. */
const KEPT_STEPS = 8;

export interface RolloutState {
  /** Key: runId/step. Insertion order is age. */
  readonly steps: ReadonlyMap<string, readonly RolloutRecord[]>;
}

export const stepKey = (runId: string, step: number): string => `${runId}/${step}`;

export const rolloutStore = createStore<RolloutState>(() => ({ steps: new Map() }));

/** Loads the answers of a step, unless they are loaded or loading. */
export function loadRollouts(runId: string, step: number): void {
  const loading = callStore
    .getState()
    .open.some(({ request }) => request.type === 'loadRollouts' && request.runId === runId && request.step === step);
  if (loading || rolloutStore.getState().steps.has(stepKey(runId, step))) return;
  call({ type: 'loadRollouts', runId, step }).then(
    (rollouts) => rememberRollouts(runId, step, rollouts),
    showRejection,
  );
}

/** Holds the newest few steps; older ones load again when opened. */
export function rememberRollouts(runId: string, step: number, rollouts: readonly RolloutRecord[]): void {
  rolloutStore.setState(({ steps }) => {
    const key = stepKey(runId, step);
    const next = new Map(steps);
    next.delete(key);
    next.set(key, rollouts);
    for (const old of [...next.keys()].slice(0, Math.max(0, next.size - KEPT_STEPS))) next.delete(old);
    return { steps: next };
  });
}

/** Steps repeated after a return to a checkpoint have other answers. */
export function forgetRollouts(runId: string, afterStep: number): void {
  rolloutStore.setState(({ steps }) => ({
    steps: new Map(
      [...steps].filter(([key]) => {
        const slash = key.lastIndexOf('/');
        return key.slice(0, slash) !== runId || Number(key.slice(slash + 1)) <= afterStep;
      }),
    ),
  }));
}
