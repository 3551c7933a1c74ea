import { createStore } from 'zustand/vanilla';
import type { RolloutRecord } from '../../domain/rolloutRecord';

/** Steps of rollouts that the page holds; the worker keeps them all. */
const KEPT_STEPS = 8;

export interface RolloutState {
  /** Key: runId/step. Insertion order is age. */
  readonly steps: ReadonlyMap<string, readonly RolloutRecord[]>;
  readonly asked: ReadonlySet<string>;
}

export const stepKey = (runId: string, step: number): string => `${runId}/${step}`;

export const rolloutStore = createStore<RolloutState>(() => ({ steps: new Map(), asked: new Set() }));

/** Keeps the newest few steps; older ones are asked for again when opened. */
export function rememberRollouts(runId: string, step: number, rollouts: readonly RolloutRecord[]): void {
  rolloutStore.setState(({ steps, asked }) => {
    const key = stepKey(runId, step);
    const next = new Map(steps);
    next.delete(key);
    next.set(key, rollouts);
    for (const old of [...next.keys()].slice(0, Math.max(0, next.size - KEPT_STEPS))) next.delete(old);
    const left = new Set(asked);
    left.delete(key);
    return { steps: next, asked: left };
  });
}

/** True when the step has to be asked for; marks it as asked. */
export function wantRollouts(runId: string, step: number): boolean {
  const { steps, asked } = rolloutStore.getState();
  const key = stepKey(runId, step);
  if (steps.has(key) || asked.has(key)) return false;
  rolloutStore.setState({ asked: new Set(asked).add(key) });
  return true;
}

/** Steps that a run does again after going back to a checkpoint have other answers. */
export function forgetRollouts(runId: string, afterStep: number): void {
  rolloutStore.setState(({ steps }) => ({
    steps: new Map(
      [...steps].filter(([key]) => {
        const slash = key.lastIndexOf('/');
        return key.slice(0, slash) !== runId || Number(key.slice(slash + 1)) <= afterStep;
      }),
    ),
    asked: new Set(),
  }));
}

/** After a failure nothing is on its way: what was asked for may be asked for again. */
export const forgetQuestions = (): void => rolloutStore.setState({ asked: new Set() });
