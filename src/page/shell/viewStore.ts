import { createStore } from 'zustand/vanilla';
import { formatRoute, parseRoute, type Route } from './route';

export interface ViewState {
  readonly route: Route;
  /** The step under the pointer or chosen by key, and its chart: the other charts follow. */
  readonly hovered: { readonly step: number; readonly by: string } | null;
  readonly smoothing: boolean;
}

export const viewStore = createStore<ViewState>(() => ({
  route: { page: 'setup' },
  hovered: null,
  smoothing: true,
}));

export const selectRoute = (state: ViewState): Route => state.route;
export const selectHovered = (state: ViewState): ViewState['hovered'] => state.hovered;
export const selectPage = (state: ViewState): Route['page'] => state.route.page;
export const selectSmoothing = (state: ViewState): boolean => state.smoothing;

/** Keeps the store and the address bar in sync. Called once, by main.tsx. */
export function followAddress(): void {
  const read = () => viewStore.setState({ route: parseRoute(location.hash), hovered: null });
  addEventListener('hashchange', read);
  read();
}

/** `replace` adds no history entry: for moves within a page. */
export function go(route: Route, { replace = false } = {}): void {
  const hash = formatRoute(route);
  if (replace) {
    history.replaceState(null, '', hash);
    viewStore.setState({ route });
  } else {
    location.hash = hash;
  }
}

export const hover = (hovered: ViewState['hovered']): void => {
  const { hovered: now } = viewStore.getState();
  if (now?.step !== hovered?.step || now?.by !== hovered?.by) viewStore.setState({ hovered });
};
