import { Component, type ReactNode } from 'react';
import type { Failure } from '../../domain/failure';
import { unexpectedFailure } from '../connection/failureStore';
import { FailurePanel } from './FailurePanel';

/** Shows a fault in one screen in its place; the rest of the page and the run go on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failure: Failure | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(error: unknown) {
    return { failure: unexpectedFailure(error) };
  }

  override render() {
    return this.state.failure ? <FailurePanel failure={this.state.failure} /> : this.props.children;
  }
}
