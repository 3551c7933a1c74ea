import { useEffect } from 'react';

export type ReviewKeys = Readonly<Record<'a' | 'd' | 's' | 'c' | 'j' | 'k', () => void>>;

/** Single keys while a verdict is read; none while something is typed, a modifier is held, or a key is held down. */
export function useReviewKeys(keys: ReviewKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]');
      if (typing || event.repeat || event.metaKey || event.ctrlKey || event.altKey) return;
      const act = (keys as Readonly<Record<string, (() => void) | undefined>>)[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [keys]);
}
