import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listAuditEntriesInfiniteOptions } from '../client/@tanstack/react-query.gen.ts';
import { listAuditEntries } from '../client/sdk.gen.ts';
import { auditedMonths } from '../customer/statements/months.ts';
import { useAllAdministrators } from '../administrators/use-all-administrators.ts';
import type { ListAuditEntriesData } from '../client/types.gen.ts';
import { useCustomer, useTimeZone } from '../customer/use-customer.ts';
import { useRps } from '../rps/use-rps.ts';
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
    by: 'Done by',
    anybody: 'Everybody',
    operator: 'The operator',
    service: 'The service',
    topic: 'Topic',
    everything: 'Everything',
    topics: {
      'sign-ins': 'Sign-ins and passkeys',
      customer: 'Customer',
      alerts: 'MAU alert and webhook',
      administrators: 'Administrators',
      rps: 'RPs and API keys',
      users: 'Users of RPs',
      licenses: 'License',
      exports: 'Downloads',
    },
    none: 'No entries match.',
    noneYet: 'None of the latest 1,000 entries match. Continue with older entries.',
    more: 'Show more',
    older: 'Search older entries',
  },
  ja: {
    title: 'アクティビティ',
    changes: '変更・サインイン・ダウンロード',
    explanation:
      '直近13か月に、このカスタマーで管理者・サービスの運営者・サービス自体が行った操作です。APIキーによる呼び出しは含まれません。RPのユーザーの拒否されたサインインは、各RPの「アクティビティ」タブに表示されます。',
    onlyPrivileged: 'カスタマーのアクティビティを閲覧できるのは特権管理者のみです。',
    month: '月',
    all: '直近13か月',
    by: '操作した人',
    anybody: '全員',
    operator: 'サービスの運営者',
    service: 'サービス',
    topic: '種類',
    everything: 'すべて',
    topics: {
      'sign-ins': 'サインインとパスキー',
      customer: 'カスタマー',
      alerts: 'MAUアラートとWebhook',
      administrators: '管理者',
      rps: 'RPとAPIキー',
      users: 'RPのユーザー',
      licenses: 'ライセンス',
      exports: 'ダウンロード',
    },
    none: '該当するアクティビティはありません。',
    noneYet: '最新の1,000件に該当するアクティビティはありません。さらに古いものを検索できます。',
    more: 'さらに表示',
    older: '古いものを検索',
  },
} satisfies Texts<object>;

/** The values of a filter. The empty text stands for no filter. */
type Filter = Pick<NonNullable<ListAuditEntriesData['query']>, 'month' | 'by' | 'topic'>;

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Shows what was changed in the customer, by whom, when and from where. */
export default function ActivityPage() {
  const text = useText(texts);
  const me = useSession().data?.administrator;
  const isAllowed = me?.privilege === 'privileged' || me?.representative === true;
  return <Page title={text.title}>{me && (isAllowed ? <EntriesBlock /> : <Text>{text.onlyPrivileged}</Text>)}</Page>;
}

/** Lists the entries, the latest first, and lets the person choose a month, an author and a topic. */
function EntriesBlock() {
  const text = useText(texts);
  const format = useFormat();
  const current = useCustomer().data?.month.month;
  const [wanted, setWanted] = useState<Filter>({});
  const query = useInfiniteQuery({
    ...listAuditEntriesInfiniteOptions({ query: wanted }),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  // Removed administrators are in the entries only, and the next filter may leave these entries out.
  const [chosen, setChosen] = useState<Choice>();
  const authors = new Map(useAllAdministrators().data?.map(({ id, name }) => [id, name]));
  const others = [
    ...(chosen && chosen.value === wanted.by && chosen.value.startsWith('adm_') ? [chosen] : []),
    ...(query.data?.pages.flatMap(({ items }) => items) ?? []).flatMap(({ by: { id, name } }) =>
      id !== null && name !== null ? [{ value: id, label: name }] : [],
    ),
  ];
  for (const { value, label } of others) if (!authors.has(value)) authors.set(value, label);
  const timeZone = useTimeZone();
  const rpNames = new Map(useRps().data?.map((rp) => [rp.id, rp.name]));
  const select = (name: keyof Filter, [label, all]: readonly [string, string], choices: readonly Choice[]) => (
    <NativeSelect
      label={label}
      value={wanted[name] ?? ''}
      onChange={({ currentTarget: { value } }) => {
        if (name === 'by') setChosen(choices.find((choice) => choice.value === value));
        setWanted(({ [name]: _, ...rest }) => (value === '' ? rest : { ...rest, [name]: value }));
      }}
      data={[{ value: '', label: all }, ...choices]}
    />
  );
  return (
    <Block
      title={text.changes}
      query={query}
      action={() => (
        <CsvButton
          of={text.changes}
          read={(part) => listAuditEntries({ ...asCsv, query: { ...wanted, ...part } })}
          fileName={`activity${wanted.month === undefined ? '' : `-${wanted.month}`}.csv`}
        />
      )}
    >
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        return (
          <Stack gap="md" align="stretch">
            <Text size="sm">{text.explanation}</Text>
            <Group gap="md" align="end">
              {select(
                'month',
                [text.month, text.all],
                (current === undefined ? [] : auditedMonths(current)).map((value) => ({
                  value,
                  label: format.month(value),
                })),
              )}
              {select(
                'by',
                [text.by, text.anybody],
                [
                  ...[...authors].map(([value, label]) => ({ value, label })),
                  { value: 'operator', label: text.operator },
                  { value: 'service', label: text.service },
                ],
              )}
              {select(
                'topic',
                [text.topic, text.everything],
                Object.entries(text.topics).map(([value, label]) => ({ value, label })),
              )}
            </Group>
            {entries.length > 0 ? (
              <EntryList entries={entries} name={text.changes} timeZone={timeZone} rpNames={rpNames} />
            ) : (
              <Text>{query.hasNextPage ? text.noneYet : text.none}</Text>
            )}
            <MoreButton query={query} label={entries.length > 0 ? text.more : text.older} />
          </Stack>
        );
      }}
    </Block>
  );
}
