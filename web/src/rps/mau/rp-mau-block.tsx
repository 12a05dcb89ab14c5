import { SegmentedControl, Skeleton, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { MauView } from '../../client/types.gen.ts';
import { mauOfRp } from '../../customer/mau/gaps.ts';
import { MonthHeadings } from '../../customer/mau/month-headings.tsx';
import { periods, usePeriod } from '../../customer/mau/use-period.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { WideTable } from '../../ui/table/wide-table.tsx';

const RpGraph = loadedLater(() => import('./rp-graph.tsx'));

const texts = {
  en: {
    title: 'MAU of this RP',
    period: 'Months shown',
    months: (count: string) => `${count} months`,
    empty: 'Nobody was active at this RP in these months.',
    month: 'Month',
    mau: 'MAU',
    measured: 'Measured here',
  },
  ja: {
    title: 'このRPのMAU',
    period: '表示する月数',
    months: (count: string) => `${count}か月`,
    empty: 'この期間にこのRPのアクティブユーザーはいません。',
    month: '月',
    mau: 'MAU',
    measured: '本サービスで計測',
  },
} satisfies Texts<object>;

const HEIGHT = 260;

/** Shows the MAU of one RP by month, as a graph and as a table. */
export function RpMauBlock({ id }: { readonly id: string }) {
  const text = useText(texts);
  const [period, setPeriod] = usePeriod();
  const query = useQuery({ ...getMauOptions({ query: { months: period } }), placeholderData: keepPreviousData });
  return (
    <Block
      title={text.title}
      query={query}
      action={() => (
        <SegmentedControl
          aria-label={text.period}
          size="xs"
          value={period}
          onChange={setPeriod}
          data={periods.map((value) => ({ value, label: text.months(value) }))}
        />
      )}
    >
      {(view) => <MauOfRp view={view} id={id} />}
    </Block>
  );
}

function MauOfRp({ view: { months, rps }, id }: { readonly view: MauView; readonly id: string }) {
  const text = useText(texts);
  const format = useFormat();
  const rp = rps.find((one) => one.id === id);
  if (!rp?.mau.some((users) => users > 0)) return <Text>{text.empty}</Text>;
  const mau = mauOfRp(months, rp);
  return (
    <>
      <Suspense fallback={<Skeleton height={HEIGHT} aria-busy />}>
        <RpGraph height={HEIGHT} months={months} rp={rp} />
      </Suspense>
      <WideTable minWidth={150 + 76 * months.length} name={{ 'aria-label': text.title }} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.month}</Table.Th>
            <MonthHeadings months={months} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(
            [
              [text.mau, mau],
              [text.measured, mau.map((users, index) => (users === null ? null : (rp.measured[index] ?? 0)))],
            ] as const
          ).map(([name, numbers]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              {numbers.toReversed().map((users, index) => (
                <Table.Td key={index} ta="right">
                  {users === null ? '–' : format.number(users)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </>
  );
}
