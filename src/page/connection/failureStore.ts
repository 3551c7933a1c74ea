import { createStore } from 'zustand/vanilla';
import type { Failure } from '../../domain/failure';

export interface FailureState {
  /** Failures that belong to no card of Set up, newest first. */
  readonly failures: readonly { readonly id: number; readonly failure: Failure }[];
}

export const failureStore = createStore<FailureState>(() => ({ failures: [] }));

let nextId = 1;

/** Shows a failure on every screen until it is dismissed. The same message twice is shown once. */
export function reportFailure(failure: Failure): void {
  failureStore.setState(({ failures }) => ({
    failures: [
      { id: nextId++, failure },
      ...failures.filter((kept) => kept.failure.message !== failure.message).slice(0, 2),
    ],
  }));
}

export function dismissFailure(id: number): void {
  failureStore.setState(({ failures }) => ({ failures: failures.filter((kept) => kept.id !== id) }));
}

/** Anything thrown, as a failure that a person can read and copy. */
export function unexpectedFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  return {
    kind: 'unexpected',
    message: `Something went wrong: ${text}`,
    advice: 'Runs are kept in this browser. Reload the page; if it happens again, copy the details into a report.',
    details: error instanceof Error ? (error.stack ?? text) : text,
    runId: null,
  };
}
