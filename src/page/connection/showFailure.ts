import { type Failure, isAbort } from '../../domain/failure';
import { CallFailed } from '../../protocol/client';
import { setupStore } from '../setup/setupStore';
import { reportFailure, unexpectedFailure } from './failureStore';

/** Shown on every screen; without WebGPU the Device card says what to do instead. */
export function showFailure(failure: Failure): void {
  if (failure.kind === 'noWebGpu') setupStore.setState({ device: { state: 'problem', failure } });
  else reportFailure(failure);
}

export const failureOf = (error: unknown): Failure =>
  error instanceof CallFailed ? error.failure : unexpectedFailure(error);

/** Shows why a call failed. A person who cancels sees nothing. */
export function showRejection(error: unknown): void {
  if (!isAbort(error)) showFailure(failureOf(error));
}
