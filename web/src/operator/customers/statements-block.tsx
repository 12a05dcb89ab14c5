import { Text } from '@mantine/core';
import type { OperatorCustomer } from '../../client/types.gen.ts';
import { texts as statementTexts } from '../../customer/statements/texts.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import { Records, type Column } from '../records.tsx';
import type { CustomerQuery } from './customer-page.tsx';

const texts = {
  en: { title: 'Statements of the last 12 closed months', none: 'No month is closed yet.' },
  ja: { title: '締め済みの月の明細（直近12か月）', none: '締め切られた月はまだありません。' },
} satisfies Texts<object>;

type Statement = OperatorCustomer['statements'][number];

/** Lists the latest statements of closed months. */
export function StatementsBlock({ query }: { readonly query: CustomerQuery }) {
  const text = useText(texts);
  return (
    <Block title={text.title} query={query}>
      {({ statements }) => (statements.length === 0 ? <Text>{text.none}</Text> : <List statements={statements} />)}
    </Block>
  );
}

function List({ statements }: { readonly statements: readonly Statement[] }) {
  const text = useText(statementTexts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const columns: readonly [Column<Statement>, ...Column<Statement>[]] = [
    { name: text.month, value: ({ month }) => format.month(month) },
    { name: text.license, value: ({ license }) => planNames[license] },
    { name: text.mau, isNumber: true, value: ({ mau }) => format.number(mau) },
    { name: text.measured, isNumber: true, value: ({ measured }) => format.number(measured) },
    { name: text.maximum, isNumber: true, value: ({ maxMau }) => (maxMau === null ? '–' : format.number(maxMau)) },
    { name: text.overage, isNumber: true, value: ({ overageMau }) => format.number(overageMau) },
    { name: text.fee, isNumber: true, value: ({ overageFee }) => (overageFee ? format.money(overageFee) : '–') },
    { name: text.closedAt, value: ({ closedAt }) => format.dateTime(closedAt, timeZone) },
  ];
  return (
    <Records name={text.statements} columns={columns} rows={statements} keyOf={({ month }) => month} minWidth={860} />
  );
}
