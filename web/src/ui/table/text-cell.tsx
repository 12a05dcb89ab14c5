import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A table's cell for what somebody typed: as long as it may be, it breaks anywhere, and is wide enough to be read. */
export function TextCell({ children }: { readonly children: ReactNode }) {
  return <Table.Td style={{ minWidth: '10rem', overflowWrap: 'anywhere' }}>{children}</Table.Td>;
}
