import { createStore } from 'zustand/vanilla';

/** A short message; the page decides how it looks. */
export const toastStore = createStore<{ readonly id: number; readonly text: string }>(() => ({ id: 0, text: '' }));

export const tell = (text: string): void => toastStore.setState(({ id }) => ({ id: id + 1, text }));
