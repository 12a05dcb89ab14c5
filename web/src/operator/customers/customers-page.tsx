import { Anchor, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { listOperatorCustomersInfiniteOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { OperatorCustomerRow } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { SearchForm } from '../../ui/form/search-form.tsx';
import { Page } from '../../ui/page/page.tsx';
import { MoreButton } from '../../ui/table/more-button.tsx';
import { EmailAddress } from '../email-address.tsx';
import { AsOf } from '../overview/as-of.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import { Records, type Column } from '../records.tsx';
import { texts as names } from '../texts.ts';
import { addressOfCustomer, lists, type CustomerList } from './lists.ts';

const texts = {
  en: {
    list: 'List',
    results: 'Search results',
    lists: {
      name: 'All, by name',
      mau: 'Most MAU first',
      fee: 'Highest fee first',
      ends: 'By the end of the license',
      'signed-up': 'Latest sign-up first',
      'over-maximum': 'Over their maximum MAU',
      expiring: 'Expire within 30 days',
      leaving: 'Leaving',
    },
    find: 'Find a customer',
    exactly: 'Enter the start of the name, a whole customer ID, or the whole e-mail address of an administrator.',
    search: 'Find',
    all: 'Show all customers',
    none: 'No customers in this list.',
    notFound: 'No customer found.',
    name: 'Name',
    state: 'State',
    plan: 'Plan',
    mau: 'MAU',
    ofMaximum: (mau: string, max: string) => `${mau} of ${max}`,
    fee: 'Fee so far',
    ends: 'License ends',
    signedUp: 'Signed up',
    representative: 'Representative',
    more: 'Show more customers',
  },
  ja: {
    list: '一覧',
    results: '検索結果',
    lists: {
      name: 'すべて（名前順）',
      mau: 'MAUの多い順',
      fee: '超過料金の高い順',
      ends: 'ライセンスの終了順',
      'signed-up': '登録の新しい順',
      'over-maximum': 'MAUの上限を超過',
      expiring: '30日以内に期限切れ',
      leaving: '解約手続き中',
    },
    find: 'カスタマーを検索',
    exactly: '名前の先頭部分、カスタマーID全体、または管理者のメールアドレス全体を入力してください。',
    search: '検索',
    all: 'すべてのカスタマーを表示',
    none: 'この一覧にカスタマーはありません。',
    notFound: 'カスタマーが見つかりませんでした。',
    name: '名前',
    state: '状態',
    plan: 'プラン',
    mau: 'MAU / 上限',
    ofMaximum: (mau: string, max: string) => `${mau} / ${max}`,
    fee: '超過料金（現時点）',
    ends: 'ライセンス終了日',
    signedUp: '登録日',
    representative: '担当者',
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/**
 * Lists the customers in an order, or those that match a filter or a search. The address contains the list and the
 * search, so Back leads from a customer to the list that was shown before.
 */
export function CustomersPage() {
  const text = useText(texts);
  const name = useText(names);
  const [params, setParams] = useSearchParams();
  const list = lists.find((known) => known === params.get('list')) ?? 'name';
  const sought = params.get('search') ?? '';
  const query = useInfiniteQuery({
    ...listOperatorCustomersInfiniteOptions({ query: sought === '' ? { list } : { search: sought } }),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Page title={name.customers}>
      <SearchForm
        maxLength={254}
        label={text.find}
        description={text.exactly}
        search={text.search}
        all={text.all}
        sought={sought}
        onFind={(search) => {
          setParams(search === '' ? {} : { search });
        }}
      />
      <Block
        title={sought === '' ? text.list : text.results}
        query={query}
        action={() => (
          <NativeSelect
            aria-label={text.list}
            value={list}
            onChange={({ currentTarget: { value } }) => {
              setParams(value === 'name' ? {} : { list: value });
            }}
            data={lists.map((value) => ({ value, label: text.lists[value] }))}
          />
        )}
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          const asOf = pages[0]?.asOf ?? null;
          return (
            <Stack gap="sm">
              <AsOf asOf={asOf} isPresent={isExact(sought)} />
              {rows.length > 0 && <CustomersTable rows={rows} list={list} />}
              {rows.length === 0 && asOf !== null && (
                <Text role="status">{sought === '' ? text.none : text.notFound}</Text>
              )}
              <MoreButton query={query} label={text.more} />
            </Stack>
          );
        }}
      </Block>
    </Page>
  );
}

/** Returns whether a search is for one customer. Then the service returns the present values of this customer. */
const isExact = (sought: string): boolean => sought.startsWith('cus_') || sought.includes('@');

interface CustomersTableProps {
  readonly rows: readonly OperatorCustomerRow[];
  readonly list: CustomerList;
}

function CustomersTable({ rows, list }: CustomersTableProps) {
  const text = useText(texts);
  const name = useText(names);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const columns: readonly [Column<OperatorCustomerRow>, ...Column<OperatorCustomerRow>[]] = [
    {
      name: text.name,
      isText: true,
      value: ({ customerId, name: customer }) => (
        <Anchor component={Link} href={addressOfCustomer(customerId)} inherit>
          {customer}
        </Anchor>
      ),
    },
    { name: text.state, value: ({ state }) => name.states[state] },
    { name: text.plan, value: ({ license }) => planNames[license] },
    {
      name: text.mau,
      isNumber: true,
      value: ({ mauThisMonth, maxMau }) =>
        maxMau === null
          ? format.number(mauThisMonth)
          : text.ofMaximum(format.number(mauThisMonth), format.number(maxMau)),
    },
    {
      name: text.fee,
      isNumber: true,
      value: ({ overageFee }) => (overageFee === null ? '–' : format.money(overageFee)),
    },
    {
      name: text.ends,
      value: ({ licenseEndsAt }) => (licenseEndsAt === null ? '–' : format.date(licenseEndsAt, timeZone)),
    },
    ...(list === 'signed-up'
      ? [{ name: text.signedUp, value: ({ createdAt }: OperatorCustomerRow) => format.date(createdAt, timeZone) }]
      : []),
    {
      name: text.representative,
      isText: true,
      value: ({ representative }) =>
        representative === null ? (
          '–'
        ) : (
          <>
            {representative.name}
            <br />
            <EmailAddress address={representative.email} />
          </>
        ),
    },
  ];
  return (
    <Records
      name={name.customers}
      columns={columns}
      rows={rows}
      keyOf={({ customerId }) => customerId}
      minWidth={920}
    />
  );
}
