import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { toastStore } from './toastStore';

/** Short lines from the store, shown and gone. */
export function Toasts() {
  useEffect(
    () =>
      toastStore.subscribe(
        ({ text }) =>
          void notifications.show({ message: text, withBorder: true, closeButtonProps: { 'aria-label': 'Dismiss' } }),
      ),
    [],
  );
  return null;
}
