import { createStore } from 'zustand/vanilla';
import { formatRoute, parseRoute, type Route } from './route';

export interface ViewState {
  readonly route: Route;
  /** Step under the cursor on any chart: all charts follow. */
  readonly hoverStep: number | null;
  readonly smoothing: boolean;
}

export const viewStore = createStore<ViewState>(() => ({
  route: { page: 'setup' },
  hoverStep: null,
  smoothing: true,
}));

export const selectRoute = (state: ViewState): Route => state.route;
export const selectPage = (state: ViewState): Route['page'] => state.route.page;
export const selectHoverStep = (state: ViewState): number | null => state.hoverStep;
export const selectSmoothing = (state: ViewState): boolean => state.smoothing;

/** Keeps the store and the address bar together. Called once, by main.tsx. */
export function followAddress(): void {
  const read = () => viewStore.setState({ route: parseRoute(location.hash), hoverStep: null });
  addEventListener('hashchange', read);
  read();
}

/** `replace` leaves no trace in the history: for moving within a page. */
export function go(route: Route, { replace = false } = {}): void {
  const hash = formatRoute(route);
  if (replace) {
    history.replaceState(null, '', hash);
    viewStore.setState({ route });
  } else {
    location.hash = hash;
  }
}

export const hover = (step: number | null): void => {
  if (viewStore.getState().hoverStep !== step) viewStore.setState({ hoverStep: step });
};
