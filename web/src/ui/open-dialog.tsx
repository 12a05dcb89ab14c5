import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

/**
 * Opens a dialog for one entry among many, such as a row of a table, so that the page keeps no state for the dialog.
 */
export function openDialog(title: string, render: (close: () => void) => ReactNode): void {
  const close = () => {
    modals.close(id);
  };
  const id = modals.open({ title, children: render(close) });
}
