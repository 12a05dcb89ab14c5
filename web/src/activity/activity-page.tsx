import { NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listAuditEntriesInfiniteOptions } from '../client/@tanstack/react-query.gen.ts';
import { listAuditEntries } from '../client/sdk.gen.ts';
import { monthsAfter } from '../customer/statements/months.ts';
import { useCustomer } from '../customer/use-customer.ts';
import { useSession } from '../session/use-session.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { Block } from '../ui/block.tsx';
import { Page } from '../ui/page/page.tsx';
import { MoreButton } from '../ui/table/more-button.tsx';
import { asCsv, CsvButton } from '../ui/table/csv-button.tsx';
import { EntryList } from './entry-list.tsx';

const texts = {
  en: {
    title: 'Activity',
    changes: 'Changes, sign-ins and downloads',
    explanation:
      'Everything that the administrators, the operator and the service did in this customer in the last 13 months. Calls with API keys are not listed. The refused sign-ins of an RP’s users are in the tab Activity of the RP.',
    onlyPrivileged: 'Only privileged administrators can see the activity of the customer.',
    month: 'Month',
    all: 'The last 13 months',
    none: 'There is no activity in this month.',
    more: 'Show more',
  },
  ja: {
    title: 'アクティビティ',
    changes: '変更・サインイン・ダウンロード',
    explanation:
      '直近13か月に、このカスタマーで管理者・サービスの運営者・サービス自体が行った操作です。APIキーによる呼び出しは含まれません。RPのユーザーの拒否されたサインインは、各RPの「アクティビティ」タブに表示されます。',
    onlyPrivileged: 'カスタマーのアクティビティを閲覧できるのは特権管理者のみです。',
    month: '月',
    all: '直近13か月',
    none: 'この月のアクティビティはありません。',
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/** The number of months, before the current month, that the service keeps at least in part. */
const MONTHS_BEFORE = 13;

/** Shows what was changed in the customer, by whom, when and from where. */
export default function ActivityPage() {
  const text = useText(texts);
  const me = useSession().data?.administrator;
  const isAllowed = me?.privilege === 'privileged' || me?.representative === true;
  return <Page title={text.title}>{me && (isAllowed ? <EntriesBlock /> : <Text>{text.onlyPrivileged}</Text>)}</Page>;
}

/** Lists the entries, the latest first, and lets the person choose a month. */
function EntriesBlock() {
  const text = useText(texts);
  const format = useFormat();
  const current = useCustomer().data?.month.month;
  const [month, setMonth] = useState('');
  const wanted = month === '' ? {} : { month };
  const query = useInfiniteQuery({
    ...listAuditEntriesInfiniteOptions({ query: wanted }),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const months =
    current === undefined ? [] : Array.from({ length: MONTHS_BEFORE + 1 }, (_, index) => monthsAfter(current, -index));
  return (
    <Block
      title={text.changes}
      query={query}
      action={() => (
        <CsvButton
          of={text.changes}
          read={(part) => listAuditEntries({ ...asCsv, query: { ...wanted, ...part } })}
          fileName={`activity${month === '' ? '' : `-${month}`}.csv`}
        />
      )}
    >
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        return (
          <Stack gap="md" align="stretch">
            <Text size="sm">{text.explanation}</Text>
            <NativeSelect
              label={text.month}
              value={month}
              onChange={({ currentTarget }) => {
                setMonth(currentTarget.value);
              }}
              data={[{ value: '', label: text.all }, ...months.map((value) => ({ value, label: format.month(value) }))]}
              w="fit-content"
            />
            {entries.length === 0 ? <Text>{text.none}</Text> : <EntryList entries={entries} name={text.changes} />}
            <MoreButton query={query} label={text.more} />
          </Stack>
        );
      }}
    </Block>
  );
}
