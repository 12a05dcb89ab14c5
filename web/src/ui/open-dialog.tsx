import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

/**
 * Opens a dialog for one of many entries, such as a row of a table. The page does not have to store for which entry a
 * dialog is open.
 */
export function openDialog(title: string, render: (close: () => void) => ReactNode): void {
  const close = () => {
    modals.close(id);
  };
  const id = modals.open({ title, children: render(close) });
}
