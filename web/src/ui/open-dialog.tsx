import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

/** Opens a dialog that is of one entry among many, such as a row of a table: the page keeps no state of it. */
export function openDialog(title: string, render: (close: () => void) => ReactNode): void {
  const close = () => {
    modals.close(id);
  };
  const id = modals.open({ title, children: render(close) });
}
