import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { toastStore } from './toastStore';

/** Shows short lines from the store for a moment. */
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
