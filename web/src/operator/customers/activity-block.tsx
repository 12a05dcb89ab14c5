import { NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EntryList } from '../../activity/entry-list.tsx';
import { listOperatorActivityInfiniteOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { AuditEntry } from '../../client/types.gen.ts';
import { auditedMonths, monthOf } from '../../customer/statements/months.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { MoreButton } from '../../ui/table/more-button.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';

const texts = {
  en: {
    title: 'Activity',
    month: 'Month',
    all: 'The last 13 months',
    none: 'There is no activity in this month.',
    more: 'Show more',
  },
  ja: {
    title: 'アクティビティ',
    month: '月',
    all: '直近13か月',
    none: 'この月のアクティビティはありません。',
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/** Lists what was changed in the customer, by whom, when and from where. */
export function ActivityBlock({ id }: { readonly id: string }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const [month, setMonth] = useState('');
  const [openedAt] = useState(() => new Date().toISOString());
  const query = useInfiniteQuery({
    ...listOperatorActivityInfiniteOptions({ path: { id }, query: month === '' ? {} : { month } }),
    initialPageParam: { path: { id } },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const months = auditedMonths(monthOf(openedAt, timeZone ?? 'UTC'));
  return (
    <Block
      title={text.title}
      query={query}
      action={() => (
        <NativeSelect
          aria-label={text.month}
          value={month}
          onChange={({ currentTarget: { value } }) => {
            setMonth(value);
          }}
          data={[{ value: '', label: text.all }, ...months.map((value) => ({ value, label: format.month(value) }))]}
        />
      )}
    >
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        return (
          <Stack gap="md" align="stretch">
            {entries.length === 0 ? (
              <Text>{text.none}</Text>
            ) : (
              <EntryList entries={entries} name={text.title} timeZone={timeZone} rpNames={rpNamesIn(entries)} />
            )}
            <MoreButton query={query} label={text.more} />
          </Stack>
        );
      }}
    </Block>
  );
}

/** Returns the latest names of the RPs that the entries are about. No route for operators lists the RPs. */
const rpNamesIn = (entries: readonly AuditEntry[]): ReadonlyMap<string, string> =>
  new Map(
    entries
      .toReversed()
      .flatMap(({ subject }) => (subject?.name && subject.id.startsWith('rp_') ? [[subject.id, subject.name]] : [])),
  );
