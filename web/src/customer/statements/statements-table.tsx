import { Box, Table } from '@mantine/core';
import { Fragment, useId, useState } from 'react';
import type { Statement } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { WideTable } from '../../ui/table/wide-table.tsx';
import { RpsButton, RpsOfStatement, Sources } from './rps-of-statement.tsx';
import { texts } from './texts.ts';

/**
 * Shows one row for each month. The person can expand a row to see the MAU of each RP in this month. If a user was
 * measured in one of the months, two columns say how many users were measured and reported.
 */
export function StatementsTable({ statements }: { readonly statements: readonly Statement[] }) {
  const text = useText(texts);
  const hasMeasured = statements.some(({ measured }) => measured > 0);
  const sources = hasMeasured ? [text.measured, text.reported] : [];
  return (
    <WideTable minWidth={hasMeasured ? 920 : 720} name={{ 'aria-label': text.statements }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.month}</Table.Th>
          <Table.Th>{text.rps}</Table.Th>
          <Table.Th>{text.license}</Table.Th>
          {[text.mau, ...sources, text.maximum, text.overage, text.fee].map((name) => (
            <Table.Th key={name} ta="right">
              {name}
            </Table.Th>
          ))}
          <Table.Th>{text.closedAt}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {statements.map((statement) => (
          <StatementRows key={statement.month} statement={statement} hasMeasured={hasMeasured} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

interface StatementRowsProps {
  readonly statement: Statement;
  /** Whether the table shows how many users were measured and reported. */
  readonly hasMeasured: boolean;
}

function StatementRows({ statement, hasMeasured }: StatementRowsProps) {
  const format = useFormat();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { license, mau, maxMau, overageMau, overageFee, closedAt, timeZone } = statement;
  const isFree = maxMau === null;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Th scope="row" style={{ whiteSpace: 'nowrap' }}>
          {format.month(statement.month)}
        </Table.Th>
        <Table.Td>
          <RpsButton statement={statement} isOpen={isOpen} setIsOpen={setIsOpen} controls={id} />
        </Table.Td>
        <Table.Td>{planNames[license.type]}</Table.Td>
        <Table.Td ta="right">{format.number(mau)}</Table.Td>
        {hasMeasured && <Sources counts={statement} />}
        <Table.Td ta="right">{isFree ? '–' : format.number(maxMau)}</Table.Td>
        <Table.Td ta="right">{isFree ? '–' : format.number(overageMau)}</Table.Td>
        <Table.Td ta="right">{overageFee ? format.money(overageFee) : '–'}</Table.Td>
        <Table.Td>{format.dateTime(closedAt, timeZone)}</Table.Td>
      </Table.Tr>
      <Table.Tr id={id} hidden={!isOpen}>
        <Table.Td colSpan={hasMeasured ? 10 : 8}>
          {/* This content stays visible while the table is scrolled sideways. */}
          <Box pos="sticky" left={0} w="fit-content" maw="calc(100vw - 7rem)">
            {isOpen && <RpsOfStatement statement={statement} hasMeasured={hasMeasured} />}
          </Box>
        </Table.Td>
      </Table.Tr>
    </Fragment>
  );
}
