import { Badge, Group, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { PlansLink } from '../../plans/plans-link.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { UsageBar } from './usage-bar.tsx';
import { useCustomer } from '../use-customer.ts';

const texts = {
  en: {
    title: 'License',
    type: 'Type',
    status: 'Status',
    statuses: { active: 'Active', expired: 'Expired', 'not-started': 'Not started' },
    startsAt: 'Start',
    endsAt: 'End',
    noEnd: 'No end date',
    next: 'Next license',
    nextTerms: (plan: string, maximum: string, from: string) => `${plan} with ${maximum} MAU included, from ${from}`,
    rps: 'Registered RPs',
    users: 'Registered users',
    maxMau: 'Maximum number of MAUs',
    maxRps: 'Maximum number of registered RPs',
    maxUsers: 'Maximum number of registered users',
    none: 'None',
    aboveMaxMau: (fee: string) => `Each MAU above it costs ${fee}. No sign-in is refused because of it.`,
    aboveMaxRps: 'When it is reached, no other RP can be registered.',
    aboveMaxUsers: 'When it is reached, no other user can be registered. Registered users can still sign in.',
    mau: (month: string) => `MAU in ${month} so far`,
    monthEnds: 'End of this month',
    overageMau: 'MAU above the maximum',
    overageFee: 'Overage fee so far',
    ofMonth: 'In each month, you can register at most twice the maximum number of users, including users that you removed.',
  },
  ja: {
    title: 'ライセンス',
    type: '種別',
    status: '状態',
    statuses: { active: '有効', expired: '終了', 'not-started': '開始前' },
    startsAt: '開始日時',
    endsAt: '終了日時',
    noEnd: '終了日なし',
    next: '次のライセンス',
    nextTerms: (plan: string, maximum: string, from: string) => `${from} から${plan}（${maximum} MAUを含む）`,
    rps: '登録済みのRP',
    users: '登録済みのユーザー',
    maxMau: 'MAUの上限',
    maxRps: '登録済みRP数の上限',
    maxUsers: '登録済みユーザー数の上限',
    none: 'なし',
    aboveMaxMau: (fee: string) => `上限を超えたMAUは1人につき ${fee} が課金されます。超過を理由にサインインが拒否されることはありません。`,
    aboveMaxRps: '上限に達すると、新しいRPを登録できません。',
    aboveMaxUsers: '上限に達すると、新しいユーザーを登録できません。登録済みのユーザーは引き続きサインインできます。',
    mau: (month: string) => `${month}のMAU（現時点）`,
    monthEnds: '今月の終了日時',
    overageMau: '上限を超えたMAU',
    overageFee: '超過分の料金（現時点）',
    ofMonth: '1か月に登録できるユーザーは、削除したユーザーも含めて上限の2倍までです。',
  },
} satisfies Texts<object>;

const statusColors = { active: 'green', expired: 'red', 'not-started': 'yellow' };

/** Shows the customer's license, the limits of the license, and how much of each limit is used. */
export function LicenseBlock() {
  const text = useText(texts);
  const query = useCustomer();
  return (
    <Block title={text.title} anchor="license" query={query}>
      {(view) => (
        <>
          <Terms view={view} />
          <Maxima license={view.license} />
          {view.license.type === 'free' ? (
            <FreeUsage license={view.license} />
          ) : (
            <PaidUsage license={view.license} month={view.month} />
          )}
        </>
      )}
    </Block>
  );
}

type License = CustomerView['license'];

function Terms({ view: { license, nextLicense, month } }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Facts
      facts={[
        [
          text.type,
          <Group key="type" component="span" gap="sm">
            {planNames[license.type]}
            <PlansLink own={license.type} />
          </Group>,
        ],
        [
          text.status,
          <Badge key="status" color={statusColors[license.status]} variant="light">
            {text.statuses[license.status]}
          </Badge>,
        ],
        [text.startsAt, format.dateTime(license.startsAt, month.timeZone)],
        [text.endsAt, license.endsAt === null ? text.noEnd : format.dateTime(license.endsAt, month.timeZone)],
        ...(nextLicense
          ? [
              [
                text.next,
                text.nextTerms(
                  planNames[nextLicense.type],
                  format.number(nextLicense.maxMau),
                  format.dateTime(nextLicense.startsAt, month.timeZone),
                ),
              ] as const,
            ]
          : []),
      ]}
    />
  );
}

/** Shows each maximum of the license, and the consequence of reaching or exceeding it. */
function Maxima({ license }: { readonly license: License }) {
  const text = useText(texts);
  const format = useFormat();
  const maximum = (max: number, consequence: string) => (
    <>
      {format.number(max)}
      <Text size="sm">{consequence}</Text>
    </>
  );
  const { maxRegisteredRps } = license;
  return (
    <Facts
      facts={[
        license.type === 'free'
          ? [text.maxMau, text.none]
          : [text.maxMau, maximum(license.maxMau, text.aboveMaxMau(format.money(license.overageFeePerMau)))],
        [text.maxRps, maximum(maxRegisteredRps, text.aboveMaxRps)],
        ...(license.type === 'free'
          ? [[text.maxUsers, maximum(license.maxRegisteredUsers, text.aboveMaxUsers)] as const]
          : []),
      ]}
    />
  );
}

function FreeUsage({ license }: { readonly license: Extract<License, { type: 'free' }> }) {
  const text = useText(texts);
  return (
    <Stack gap="sm">
      <UsageBar label={text.rps} value={license.registeredRps} max={license.maxRegisteredRps} />
      <UsageBar label={text.users} value={license.registeredUsers} max={license.maxRegisteredUsers} />
      <Text size="sm">{text.ofMonth}</Text>
    </Stack>
  );
}

interface PaidUsageProps {
  readonly license: Exclude<License, { type: 'free' }>;
  readonly month: CustomerView['month'];
}

function PaidUsage({ license, month }: PaidUsageProps) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Stack gap="sm">
      <UsageBar
        label={text.mau(format.month(month.month))}
        value={license.mauThisMonth}
        max={license.maxMau}
        withPercentage
      />
      <Facts
        facts={[
          [text.overageMau, format.number(license.overageMau)],
          [text.overageFee, format.money(license.overageFee)],
          [text.monthEnds, format.dateTime(month.endsAt, month.timeZone)],
          [text.rps, format.number(license.registeredRps)],
          [text.users, format.number(license.registeredUsers)],
        ]}
      />
    </Stack>
  );
}
