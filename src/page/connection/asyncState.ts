import type { Failure } from '../../domain/failure';

/** Something that the worker opens for the page: asked for, there, or refused. */
export type AsyncState<T> =
  | { readonly state: 'opening'; readonly label: string }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'problem'; readonly failure: Failure };
