import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface FactsOfCardProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode, weight?: number])[];
}

/** Lists the names and values in a card, one pair per line, with the values at the right. */
export function FactsOfCard({ facts }: FactsOfCardProps) {
  return (
    <Table variant="vertical" withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
      <Table.Tbody>
        {facts.map(([name, value, weight]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} bg="none" pr="sm" style={{ whiteSpace: 'nowrap' }}>
              {name}
            </Table.Th>
            <Table.Td ta="right" fw={weight} style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
