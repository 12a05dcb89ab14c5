import { Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { listStatementsInfiniteOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { closingDayOf, monthOf, monthsAfter } from './months.ts';
import { useCustomer } from '../use-customer.ts';
import { StatementsCsvButton } from './statements-csv-button.tsx';
import { MoreButton } from '../../ui/table/more-button.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';

// The code of the list is loaded after the rest of the screen, because people must scroll down to see the list.
const StatementsList = loadedLater(() => import('./statements-list.tsx'));

const texts = {
  en: {
    title: 'Statements of closed months',
    explanation: 'A month is closed on the 4th of the next month. The numbers of a closed month do not change.',
    none: 'No month is closed yet.',
    first: (month: string, day: string, timeZone: string) =>
      `The statement of ${month} is created on ${day}, 00:00 (${timeZone}), or up to an hour later.`,
    more: 'Show earlier months',
  },
  ja: {
    title: '締め済みの月の明細',
    explanation: '月は翌月4日に締め切られ、その後は数値が変わりません。',
    none: '締め切られた月はまだありません。',
    first: (month: string, day: string, timeZone: string) =>
      `${month}の明細は ${day} 00:00（${timeZone}）から1時間ほどの間に作成されます。`,
    more: '以前の月を表示',
  },
} satisfies Texts<object>;

/** Each page of the list contains 12 months. */
const MONTHS_A_PAGE = '12';

/** Lists the statements of closed months, newest first. */
export function StatementsBlock() {
  const text = useText(texts);
  const query = useInfiniteQuery({
    ...listStatementsInfiniteOptions({ query: { limit: MONTHS_A_PAGE } }),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Block
      anchor="statements"
      title={text.title}
      query={query}
      action={({ pages: [newest] }) =>
        newest?.items[0] && <StatementsCsvButton of={text.title} latestMonth={newest.items[0].month} />
      }
    >
      {({ pages }) => {
        const statements = pages.flatMap(({ items }) => items);
        if (statements.length === 0) return <NoStatement />;
        return (
          <Stack gap="sm" align="start">
            <Text size="sm">{text.explanation}</Text>
            <Suspense fallback={<Skeleton height={200} aria-busy />}>
              <StatementsList statements={statements} />
            </Suspense>
            <MoreButton query={query} label={text.more} />
          </Stack>
        );
      }}
    </Block>
  );
}

/** Shows when the first statement will be created. */
function NoStatement() {
  const text = useText(texts);
  const format = useFormat();
  const { data: view } = useCustomer();
  if (!view) return <Text>{text.none}</Text>;
  const { month, timeZone } = view.month;
  // No month is closed yet. If the license started before the current month, the previous month is the first month that
  // will be closed.
  const since = monthOf(view.license.startsAt, timeZone);
  const first = since < month ? monthsAfter(month, -1) : month;
  return (
    <Stack gap={4}>
      <Text>{text.none}</Text>
      <Text size="sm">{text.first(format.month(first), format.date(closingDayOf(first), 'UTC'), timeZone)}</Text>
    </Stack>
  );
}
