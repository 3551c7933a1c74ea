import { createStore } from 'zustand/vanilla';
import type { Failure } from '../../domain/failure';

export interface FailureState {
  /** Failures that no card of Set up shows, newest first. */
  readonly failures: readonly { readonly id: number; readonly failure: Failure }[];
}

export const failureStore = createStore<FailureState>(() => ({ failures: [] }));

let nextId = 1;

/** Shows a failure on every screen until it is dismissed. The same message twice is shown once. */
export function reportFailure(failure: Failure): void {
  failureStore.setState(({ failures }) => ({
    failures: [
      { id: nextId++, failure },
      ...failures.filter((shown) => shown.failure.message !== failure.message).slice(0, 2),
    ],
  }));
}

export function dismissFailure(id: number): void {
  failureStore.setState(({ failures }) => ({ failures: failures.filter((shown) => shown.id !== id) }));
}

/** A failure to read and copy, from anything thrown. */
export function unexpectedFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  return {
    kind: 'unexpected',
    message: `Something went wrong: ${text}`,
    advice: 'Your runs are saved in this browser. Reload the page. If it happens again, copy the report into an issue.',
    details: error instanceof Error ? (error.stack ?? text) : text,
    runId: null,
  };
}
