import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/**
 * Shows user-supplied text in a table cell. Long text breaks at any character, and the cell stays wide enough for
 * people to read the text.
 */
export function TextCell({ children }: { readonly children: ReactNode }) {
  return <Table.Td style={{ minWidth: '10rem', overflowWrap: 'anywhere' }}>{children}</Table.Td>;
}
