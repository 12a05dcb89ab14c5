import { Paper, Stack, Table, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Cards, useShowsCards } from '../ui/table/cards.tsx';
import { FactsOfCard } from '../ui/table/facts-of-card.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';

export interface Column<Row> {
  readonly name: string;
  readonly value: (row: Row) => ReactNode;
  /** Whether the values are numbers, which a table aligns at the right. @default false */
  readonly isNumber?: boolean;
  /** Whether the values are texts that people chose, which may break at any character. @default false */
  readonly isText?: boolean;
}

export interface RecordsProps<Row> {
  /** The accessible name of the table or of the list of cards. */
  readonly name: string;
  /** The first column names the row. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** In less space, in pixels, the table scrolls sideways. */
  readonly minWidth: number;
}

/** Shows rows as a table, or as cards on a screen that is too narrow for a table. */
export function Records<Row>(props: RecordsProps<Row>) {
  return useShowsCards() ? <RecordCards {...props} /> : <RecordTable {...props} />;
}

const breaksAnywhere = { minWidth: '10rem', overflowWrap: 'anywhere' } as const;
/** Keeps short cells on one line: otherwise, Japanese text breaks after each character if names need the space. */
const oneLine = { whiteSpace: 'nowrap' } as const;

function RecordTable<Row>({ name, columns, rows, keyOf, minWidth }: RecordsProps<Row>) {
  return (
    <WideTable minWidth={minWidth} name={{ 'aria-label': name }}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ name: column, isNumber, isText }) => (
            <Table.Th key={column} style={isText ? breaksAnywhere : oneLine} {...(isNumber && { ta: 'right' })}>
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            {columns.map(({ name: column, value, isNumber, isText }, index) => {
              const style = isText ? breaksAnywhere : oneLine;
              return index === 0 ? (
                <Table.Th key={column} scope="row" fw={500} style={style}>
                  {value(row)}
                </Table.Th>
              ) : (
                <Table.Td key={column} style={style} {...(isNumber && { ta: 'right' })}>
                  {value(row)}
                </Table.Td>
              );
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function RecordCards<Row>({ name, columns: [title, ...columns], rows, keyOf }: RecordsProps<Row>) {
  return (
    <Cards name={name}>
      {rows.map((row) => (
        <Paper key={keyOf(row)} component="li" withBorder p="sm">
          <Stack gap="xs">
            <Title order={3} size="h5" style={{ overflowWrap: 'anywhere' }}>
              {title.value(row)}
            </Title>
            <FactsOfCard facts={columns.map((column) => [column.name, column.value(row)])} />
          </Stack>
        </Paper>
      ))}
    </Cards>
  );
}
