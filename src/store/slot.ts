import type { Failure } from '../protocol';

/** Something that the worker opens for the page: asked for, there, or refused. */
export type Slot<T> =
  | { readonly state: 'opening'; readonly label: string }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'problem'; readonly failure: Failure };

/** What is in the slot, or null. */
export const slotValue = <T>(slot: Slot<T>): T | null => (slot.state === 'ready' ? slot.value : null);
