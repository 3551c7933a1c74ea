import type { Failure } from '../../domain/failure';

/** Something that the worker opens for the page. It stays open until another opens. */
export type AsyncState<T> =
  | { readonly state: 'opening'; readonly label: string; readonly before: T | null }
  | { readonly state: 'ready'; readonly value: T; readonly refused: Failure | null }
  | { readonly state: 'problem'; readonly failure: Failure };

const openOf = <T>(now: AsyncState<T>): T | null =>
  now.state === 'ready' ? now.value : now.state === 'opening' ? now.before : null;

export const opening = <T>(now: AsyncState<T>, label: string): AsyncState<T> => ({
  state: 'opening',
  label,
  before: openOf(now),
});

export const ready = <T>(value: T): AsyncState<T> => ({ state: 'ready', value, refused: null });

/** A refusal shows beside the open value; it is a problem only when nothing is open. */
export function refused<T>(now: AsyncState<T>, failure: Failure): AsyncState<T> {
  const value = openOf(now);
  return value === null ? { state: 'problem', failure } : { state: 'ready', value, refused: failure };
}

/** The outcome of one call while a later one of its kind may be open. */
export const settled = <T>(now: AsyncState<T>, next: AsyncState<T>, laterIsOpen: boolean): AsyncState<T> =>
  laterIsOpen && now.state === 'opening' ? { ...now, before: openOf(next) } : next;

export const refusalOf = <T>(now: AsyncState<T>): Failure | null =>
  now.state === 'ready' ? now.refused : now.state === 'problem' ? now.failure : null;
