import { Anchor, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { GetOperatorOverviewResponse } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Page } from '../../ui/page/page.tsx';
import { addressOfList } from '../customers/lists.ts';
import { texts as names } from '../texts.ts';
import { AsOf } from './as-of.tsx';
import { useOverview } from './use-overview.ts';

const texts = {
  en: {
    fees: 'Fees',
    soFar: (month: string) => `${month}, so far`,
    noFees: 'None',
    charged: (customers: string) => `Customers with a fee: ${customers}`,
    open: (customers: string) => `Customers whose month is not closed yet: ${customers}`,
    newThisMonth: 'New this month',
    overMaximum: 'Over their maximum MAU',
    expiring: 'Expire within 30 days',
    leaving: 'Leaving',
    failedAlerts: 'MAU alerts that failed',
    unreachable: 'Unreachable representatives',
    byState: 'By state',
    byPlan: 'By plan',
  },
  ja: {
    fees: '超過料金',
    soFar: (month: string) => `${month}（途中経過）`,
    noFees: 'なし',
    charged: (customers: string) => `超過料金が発生したカスタマー：${customers}`,
    open: (customers: string) => `月が締め切られていないカスタマー：${customers}`,
    newThisMonth: '今月の新規登録',
    overMaximum: 'MAUの上限を超過',
    expiring: '30日以内に期限切れ',
    leaving: '解約手続き中',
    failedAlerts: '届かなかったMAUアラート',
    unreachable: 'メールが届かない担当者',
    byState: '状態別',
    byPlan: 'プラン別',
  },
} satisfies Texts<object>;

type Overview = NonNullable<GetOperatorOverviewResponse['overview']>;

/** Shows the numbers of all customers in the latest summary. Most numbers lead to their list. */
export function OverviewPage() {
  const name = useText(names);
  const text = useText(texts);
  const query = useOverview();
  return (
    <Page title={name.overview}>
      {query.data && <AsOf asOf={query.data.asOf} />}
      {query.data?.overview !== null && (
        <Block title={text.fees} query={query}>
          {({ overview }) => overview && <Fees overview={overview} />}
        </Block>
      )}
      {query.data?.overview && (
        <Block title={name.customers} query={query}>
          {({ overview }) => overview && <Numbers overview={overview} />}
        </Block>
      )}
    </Page>
  );
}

function Numbers({ overview }: { readonly overview: Overview }) {
  const text = useText(texts);
  const name = useText(names);
  const { customers, newThisMonth, overMaximum, expiring, states, failedAlerts, unreachableRepresentatives } = overview;
  const numbers: readonly (readonly [label: string, value: number, href: string])[] = [
    [name.customers, customers, addressOfList('name')],
    [text.newThisMonth, newThisMonth, addressOfList('signed-up')],
    [text.overMaximum, overMaximum, addressOfList('over-maximum')],
    [text.expiring, expiring, addressOfList('expiring')],
    [text.leaving, states.leaving ?? 0, addressOfList('leaving')],
    [text.failedAlerts, sumOf(failedAlerts), '/operator/failed-mails'],
    [text.unreachable, unreachableRepresentatives, '/operator/failed-mails'],
  ];
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
        {numbers.map(([label, value, href]) => (
          <NumberTile key={label} label={label} value={value} href={href} />
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Counts title={text.byState} counts={states} names={name.states} />
        <Counts title={text.byPlan} counts={overview.plans} names={planNames} />
      </SimpleGrid>
    </>
  );
}

const sumOf = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0);

function NumberTile({ label, value, href }: { readonly label: string; readonly value: number; readonly href: string }) {
  const format = useFormat();
  return (
    <Paper withBorder p="sm">
      <Anchor component={Link} href={href} underline="hover">
        <Text span display="block" fz="xl" fw={700}>
          {format.number(value)}
        </Text>
        <Text span display="block" size="sm">
          {label}
        </Text>
      </Anchor>
    </Paper>
  );
}

/** Lists how many customers there are of each kind. Leaves out the kinds of which there is none. */
function Counts<Kind extends string>({
  title,
  counts,
  names: namesOf,
}: {
  readonly title: string;
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  readonly names: Readonly<Record<Kind, string>>;
}) {
  const format = useFormat();
  const kinds = (Object.keys(namesOf) as Kind[]).filter((kind) => counts[kind]);
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        {title}
      </Title>
      <Facts facts={kinds.map((kind) => [namesOf[kind], format.number(counts[kind] ?? 0)])} />
    </Stack>
  );
}

type MonthFees = Overview['thisMonth'];

/** Shows the fees of the current and of the last month, in each currency. */
function Fees({ overview: { thisMonth, lastMonth } }: { readonly overview: Overview }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Facts
      facts={[
        [
          text.soFar(format.month(thisMonth.month)),
          <Stack key="this" gap={0}>
            <Anchor component={Link} href={addressOfList('fee')} fw={600}>
              <Sums fees={thisMonth.fees} />
            </Anchor>
            <Text size="sm">{text.charged(format.number(thisMonth.customers))}</Text>
          </Stack>,
        ],
        [format.month(lastMonth.month), <LastMonth key="last" of={lastMonth} />],
      ]}
    />
  );
}

function LastMonth({ of: { fees, customers, open } }: { readonly of: MonthFees }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Stack gap={0}>
      <Text fw={600}>
        <Sums fees={fees} />
      </Text>
      <Text size="sm">{text.charged(format.number(customers))}</Text>
      {open > 0 && <Text size="sm">{text.open(format.number(open))}</Text>}
    </Stack>
  );
}

/** Shows a sum for each currency. */
function Sums({ fees }: Pick<MonthFees, 'fees'>) {
  const text = useText(texts);
  const format = useFormat();
  return fees.length === 0 ? text.noFees : fees.map((fee) => format.money(fee)).join(' + ');
}
