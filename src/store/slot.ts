import type { Failure } from '../protocol';

/** Something that the worker opens for the page: asked for, there, or refused. */
export type Slot<T> =
  | { readonly state: 'opening'; readonly label: string }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'problem'; readonly failure: Failure };
