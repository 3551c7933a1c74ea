import { useEffect } from 'react';

export type SingleKeys = Readonly<Record<string, () => void>>;

/** Single keys, such as `a` or `1`; none while a person types, holds a modifier or holds the key down. */
export function useSingleKeys(keys: SingleKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]');
      if (typing || event.repeat || event.metaKey || event.ctrlKey || event.altKey) return;
      const act = keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [keys]);
}
