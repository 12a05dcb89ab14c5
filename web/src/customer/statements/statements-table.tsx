import { Badge, Box, Button, Table, Text } from '@mantine/core';
import { Fragment, useId, useState } from 'react';
import type { Statement } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { WideTable } from '../../ui/table/wide-table.tsx';
import { ActiveUsersButton } from '../mau/active-users-button.tsx';
import { useCustomer } from '../use-customer.ts';
import { areUsersKept } from './months.ts';

const texts = {
  en: {
    table: 'Statements',
    month: 'Month',
    license: 'License',
    mau: 'MAU',
    measured: 'Measured here',
    reported: 'Reported by RPs',
    maximum: 'Maximum',
    overage: 'Overage',
    fee: 'Fee',
    closedAt: 'Closed at',
    rps: 'By RP',
    rpsOf: (month: string) => `MAU by RP in ${month}`,
    rp: 'RP',
    removed: 'Removed',
    nobody: 'No RP had active users in this month.',
    notKept: 'The service no longer keeps the active users of this month.',
  },
  ja: {
    table: '明細',
    month: '月',
    license: 'ライセンス',
    mau: 'MAU',
    measured: '本サービスで計測',
    reported: 'RPからの報告',
    maximum: '上限',
    overage: '超過',
    fee: '超過料金',
    closedAt: '締め日時',
    rps: 'RP別',
    rpsOf: (month: string) => `${month}のRP別MAU`,
    rp: 'RP',
    removed: '削除済み',
    nobody: 'この月にアクティブユーザーがいたRPはありません。',
    notKept: 'この月のアクティブユーザーの記録は、保存期間が終了しています。',
  },
} satisfies Texts<object>;

/**
 * Shows one row for each month. The person can expand a row to see the MAU of each RP in this month. If a user was
 * measured in one of the months, two columns say how many users were measured and reported.
 */
export default function StatementsTable({ statements }: { readonly statements: readonly Statement[] }) {
  const text = useText(texts);
  const hasMeasured = statements.some(({ measured }) => measured > 0);
  const sources = hasMeasured ? [text.measured, text.reported] : [];
  return (
    <WideTable minWidth={hasMeasured ? 920 : 720} name={{ 'aria-label': text.table }}>
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
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { license, mau, maxMau, overageMau, overageFee, closedAt, timeZone, rps } = statement;
  const month = format.month(statement.month);
  const isFree = maxMau === null;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Th scope="row" style={{ whiteSpace: 'nowrap' }}>
          {month}
        </Table.Th>
        <Table.Td>
          <Button
            size="compact-sm"
            variant="default"
            rightSection={<span aria-hidden>{isOpen ? '▴' : '▾'}</span>}
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={text.rpsOf(month)}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {text.rps}
          </Button>
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
            {isOpen && rps.length === 0 && <Text size="sm">{text.nobody}</Text>}
            {isOpen && rps.length > 0 && (
              <Table aria-label={text.rpsOf(month)} withRowBorders={false} w="auto">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{text.rp}</Table.Th>
                    <Table.Th ta="right">{text.mau}</Table.Th>
                    {hasMeasured && (
                      <>
                        <Table.Th ta="right">{text.measured}</Table.Th>
                        <Table.Th ta="right">{text.reported}</Table.Th>
                      </>
                    )}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rps.map((rp) => (
                    <Table.Tr key={rp.id}>
                      <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                        {rp.name} ({rp.rpId}){' '}
                        {rp.removed && (
                          <Badge size="sm" variant="default" tt="none">
                            {text.removed}
                          </Badge>
                        )}
                      </Table.Th>
                      <Table.Td ta="right">{format.number(rp.mau)}</Table.Td>
                      {hasMeasured && <Sources counts={rp} />}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
            {isOpen && rps.length > 0 && <ActiveUsersOf month={statement.month} />}
          </Box>
        </Table.Td>
      </Table.Tr>
    </Fragment>
  );
}

/** Shows two table cells: how many active users were measured, and how many were reported. */
function Sources({ counts: { mau, measured } }: { readonly counts: Pick<Statement, 'mau' | 'measured'> }) {
  const format = useFormat();
  return (
    <>
      <Table.Td ta="right">{format.number(measured)}</Table.Td>
      <Table.Td ta="right">{format.number(mau - measured)}</Table.Td>
    </>
  );
}

/**
 * Shows the button that downloads the active users of a closed month, or a text if the service no longer keeps them.
 */
function ActiveUsersOf({ month }: { readonly month: string }) {
  const text = useText(texts);
  const { data: view } = useCustomer();
  if (!view) return null;
  return (
    <Box p="xs">
      {areUsersKept(month, view.month.month) ? (
        <ActiveUsersButton month={month} />
      ) : (
        <Text size="sm">{text.notKept}</Text>
      )}
    </Box>
  );
}
