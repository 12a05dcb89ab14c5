import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

/**
 * Opens a dialog for one of many entries, such as a row of a table. With this function, the page does not need a state
 * that identifies the entry of the open dialog.
 */
export function openDialog(title: string, render: (close: () => void) => ReactNode): void {
  const close = () => {
    modals.close(id);
  };
  const id = modals.open({ title, children: render(close) });
}
