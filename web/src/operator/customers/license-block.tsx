import { Stack, Title } from '@mantine/core';
import type { OperatorCustomer } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import { Records, type Column } from '../records.tsx';
import type { CustomerQuery } from './customer-page.tsx';

const texts = {
  en: {
    title: 'License and MAU',
    plan: 'Plan',
    startsAt: 'Start',
    endsAt: 'End',
    noEnd: 'No end date',
    expiresAt: 'End with the licenses that follow at once',
    maxRps: 'Maximum number of registered RPs',
    maxUsers: 'Maximum number of registered users',
    maxMau: 'Maximum MAU',
    feePerMau: 'Fee for each MAU above it',
    mau: 'MAU this month so far',
    overageMau: 'MAU above the maximum',
    fee: 'Fee so far',
    all: 'All licenses',
    latest: 'The 20 licenses with the latest start',
    state: 'State',
    states: {
      active: 'Active',
      expired: 'Expired',
      'not-started': 'Not started',
      scheduled: 'Scheduled',
      past: 'Past',
      superseded: 'Superseded',
      cancelled: 'Cancelled',
      ended: 'Ended',
    },
    inForceUntil: (date: string) => `Past, until ${date}`,
    cancelledAt: (date: string) => `Cancelled on ${date}`,
    setAt: 'Set on',
  },
  ja: {
    title: 'ライセンスとMAU',
    plan: 'プラン',
    startsAt: '開始日時',
    endsAt: '終了日時',
    noEnd: '終了日なし',
    expiresAt: '続くライセンスを含めた終了日時',
    maxRps: '登録済みRP数の上限',
    maxUsers: '登録済みユーザー数の上限',
    maxMau: 'MAUの上限',
    feePerMau: '上限を超えた1 MAUあたりの料金',
    mau: '今月のMAU（現時点）',
    overageMau: '上限を超えたMAU',
    fee: '超過料金（現時点）',
    all: 'すべてのライセンス',
    latest: '開始の新しい20件のライセンス',
    state: '状態',
    states: {
      active: '有効',
      expired: '終了',
      'not-started': '開始前',
      scheduled: '開始前',
      past: '過去',
      superseded: '置き換え済み',
      cancelled: '取り消し済み',
      ended: '解約により終了',
    },
    inForceUntil: (date: string) => `過去（${date}まで）`,
    cancelledAt: (date: string) => `取り消し済み（${date}）`,
    setAt: '設定日時',
  },
} satisfies Texts<object>;

/** Shows the license in force, what the customer used of it this month, and all licenses that were set. */
export function LicenseBlock({ query }: { readonly query: CustomerQuery }) {
  const text = useText(texts);
  return (
    <Block title={text.title} query={query}>
      {(customer) => (
        <>
          <InForce customer={customer} />
          <Stack gap="xs">
            <Title order={3} size="h6">
              {customer.hasMoreLicenses ? text.latest : text.all}
            </Title>
            <AllLicenses customer={customer} />
          </Stack>
        </>
      )}
    </Block>
  );
}

interface LicenseProps {
  readonly customer: OperatorCustomer;
}

function InForce({ customer }: LicenseProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const { licenseInForce: license, licenseStatus, licenseEndsAt, expiresAt, overageMau, overageFee } = customer;
  const { maxRegisteredUsers, maxMau, overageFeePerMau } = license;
  const at = (time: string) => format.dateTime(time, timeZone);
  const facts: (readonly [string, string])[] = [
    [text.plan, planNames[license.type]],
    [text.state, text.states[licenseStatus]],
    [text.startsAt, at(license.startsAt)],
    [text.endsAt, licenseEndsAt === null ? text.noEnd : at(licenseEndsAt)],
  ];
  if (expiresAt !== null && expiresAt !== licenseEndsAt) facts.push([text.expiresAt, at(expiresAt)]);
  facts.push([text.maxRps, format.number(license.maxRegisteredRps)]);
  if (maxRegisteredUsers !== undefined) facts.push([text.maxUsers, format.number(maxRegisteredUsers)]);
  if (maxMau !== undefined) facts.push([text.maxMau, format.number(maxMau)]);
  if (overageFeePerMau) facts.push([text.feePerMau, format.money(overageFeePerMau)]);
  facts.push([text.mau, format.number(customer.mauThisMonth)]);
  if (overageFee) facts.push([text.overageMau, format.number(overageMau)], [text.fee, format.money(overageFee)]);
  return <Facts facts={facts} />;
}

type License = OperatorCustomer['licenses'][number];

function AllLicenses({ customer: { licenses, licenseStatus } }: LicenseProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const at = (time: string | null) => (time === null ? '–' : format.dateTime(time, timeZone));
  const stateOf = ({ state, inForceUntil, cancelledAt }: License) => {
    if (inForceUntil !== null) return text.inForceUntil(format.date(inForceUntil, timeZone));
    if (cancelledAt !== null) return text.cancelledAt(format.date(cancelledAt, timeZone));
    // The license in force may have expired, because it stays in force until the next license starts.
    return text.states[state === 'in-force' ? licenseStatus : state];
  };
  const columns: readonly [Column<License>, ...Column<License>[]] = [
    { name: text.plan, value: ({ type }) => planNames[type] },
    { name: text.state, value: stateOf },
    { name: text.startsAt, value: ({ startsAt }) => at(startsAt) },
    { name: text.endsAt, value: ({ endsAt }) => at(endsAt) },
    { name: text.maxMau, isNumber: true, value: ({ maxMau }) => (maxMau === undefined ? '–' : format.number(maxMau)) },
    { name: text.setAt, value: ({ setAt }) => at(setAt) },
  ];
  return (
    <Records
      name={text.all}
      columns={columns}
      rows={licenses}
      // Two licenses can have the same start, if one replaced the other.
      keyOf={({ startsAt, setAt }) => `${startsAt} ${setAt}`}
      minWidth={920}
    />
  );
}
