import { useEffect } from 'react';

export interface RolloutKeys {
  readonly j: () => void;
  readonly k: () => void;
  readonly '[': () => void;
  readonly ']': () => void;
  readonly '/': () => void;
  readonly '?': () => void;
}

/** Single keys; none while a person types or holds a modifier. */
export function useRolloutKeys(keys: RolloutKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]');
      if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
      const act = (keys as unknown as Record<string, (() => void) | undefined>)[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [keys]);
}
