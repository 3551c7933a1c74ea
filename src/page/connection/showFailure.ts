import { type Failure, isAbort } from '../../domain/failure';
import { CallFailed } from '../../protocol/client';
import { setupStore } from '../setup/setupStore';
import { reportFailure, unexpectedFailure } from './failureStore';

/** On every screen; but without WebGPU it is the Device card that says what to do. */
export function showFailure(failure: Failure): void {
  if (failure.kind === 'noWebGpu') setupStore.setState({ device: { state: 'problem', failure } });
  else reportFailure(failure);
}

export const failureOf = (error: unknown): Failure =>
  error instanceof CallFailed ? error.failure : unexpectedFailure(error);

/** What a call was rejected with. A person who cancels need not be told. */
export function showRejection(error: unknown): void {
  if (!isAbort(error)) showFailure(failureOf(error));
}
