import { Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import { getMau } from '../../client/sdk.gen.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { asCsv, CsvButton } from '../../ui/table/csv-button.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { ActiveUsersButton } from './active-users-button.tsx';
import { NoMau } from './no-mau.tsx';
import { useCustomer } from '../use-customer.ts';
import { periods, usePeriod } from './use-period.ts';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import classes from './mau-block.module.css';

const GraphAndTable = loadedLater(() => import('./graph-and-table.tsx'));

const texts = {
  en: {
    period: 'Months shown',
    months: (count: string) => `${count} months`,
    asOf: (time: string, timeZone: string) => `As of ${time}. The time zone of the months is ${timeZone}.`,
    loading: (count: string) => `Loading ${count} months …`,
    refresh: 'Refresh',
    mau: 'MAU',
  },
  ja: {
    period: '表示する月数',
    months: (count: string) => `${count}か月`,
    asOf: (time: string, timeZone: string) => `${time} 時点。月の区切りのタイムゾーンは ${timeZone} です。`,
    loading: (count: string) => `${count}か月分を読み込んでいます…`,
    refresh: '更新',
    mau: 'MAU',
  },
} satisfies Texts<object>;

/**
 * The height of the graph in pixels. The placeholder for the graph has the same height, so that nothing moves when the
 * graph appears.
 */
const GRAPH_HEIGHT = 320;

/** Shows the MAU of each month in the chosen period. The summary above shows the MAU of this month. */
export function MonthByMonth({ view }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  const customer = useCustomer();
  const [period, setPeriod] = usePeriod();
  const query = useQuery({ ...getMauOptions({ query: { months: period } }), placeholderData: keepPreviousData });
  const refresh = () => Promise.all([query, customer].map(({ refetch }) => refetch({ cancelRefetch: false })));
  // TanStack Query refetches when a hidden tab is shown again, but not when the person returns to a visible window.
  useWindowEvent('focus', () => void refresh());
  // The block shows the data of the previous period until the data of the new period is loaded.
  const { data: mau, isError, isFetching, isPlaceholderData } = query;
  const isEmpty = mau?.total.every((users) => users === 0);
  const loading = <Skeleton className={classes['graph'] ?? ''} height={GRAPH_HEIGHT} aria-busy />;
  return (
    <>
      <Stack gap="sm" className={classes['head']}>
        <Group justify="space-between">
          <SegmentedControl
            aria-label={text.period}
            size="xs"
            value={period}
            onChange={(value) => {
              setPeriod(value);
            }}
            data={periods.map((value) => ({ value, label: text.months(value) }))}
          />
          <Group gap="xs">
            <ActiveUsersButton month={view.month.month} />
            <CsvButton
              of={text.mau}
              read={() => getMau({ ...asCsv, query: { months: period } })}
              fileName={`mau-${view.month.month}-${period}-months.csv`}
            />
          </Group>
        </Group>
        {mau && (
          <Group gap="xs">
            <Text size="sm">
              {isPlaceholderData
                ? text.loading(period)
                : text.asOf(format.dateTime(query.dataUpdatedAt, mau.timeZone), mau.timeZone)}
            </Text>
            <ActionButton size="compact-sm" variant="subtle" loading={isFetching} onClick={() => void refresh()}>
              {text.refresh}
            </ActionButton>
          </Group>
        )}
        {isError && <Failure error={query.error} onRetry={query.refetch} />}
        {mau && isEmpty && <NoMau mau={mau} />}
      </Stack>
      {!mau && !isError && loading}
      {mau && !isEmpty && (
        <Suspense fallback={loading}>
          <GraphAndTable height={GRAPH_HEIGHT} mau={mau} view={view} isOutdated={isPlaceholderData} />
        </Suspense>
      )}
    </>
  );
}
