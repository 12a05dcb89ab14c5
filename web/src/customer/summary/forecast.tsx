import { Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { CustomerView, MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { usePeriod } from '../mau/use-period.ts';
import { useCustomer } from '../use-customer.ts';
import classes from './summary.module.css';

const texts = {
  en: {
    byTheEnd: 'By the end of the month',
    about: (mau: string) => `About ${mau}`,
    pace: {
      'last-month': 'If users become active as fast as last month. This is an estimate, not a bill.',
      'this-month': 'If users become active as fast as in this month so far. This is an estimate, not a bill.',
    },
    unknown: 'Too early to say: an estimate needs three days with active users.',
    daysLeft: (days: number, ends: string) => `${days} ${days === 1 ? 'day' : 'days'} left, until ${ends}`,
    trend: 'MAU by month',
    ofMonth: (month: string, mau: string) => `${month}: ${mau}`,
  },
  ja: {
    byTheEnd: '月末の見込み',
    about: (mau: string) => `約 ${mau}`,
    pace: {
      'last-month': '先月と同じペースで増えた場合の見込みです。請求額の根拠にはなりません。',
      'this-month': '今月これまでと同じペースで増えた場合の見込みです。請求額の根拠にはなりません。',
    },
    unknown: 'アクティブユーザーのいる期間が3日以上になると、見込みを表示します。',
    daysLeft: (days: number, ends: string) => `残り ${days} 日（${ends} まで）`,
    trend: '月ごとのMAU',
    ofMonth: (month: string, mau: string) => `${month}：${mau}`,
  },
} satisfies Texts<object>;

const DAY = 24 * 60 * 60_000;

/** Shows about how many MAU the month will have at its end, how many days are left, and the MAU of the months before. */
export function Forecast({ view: { month } }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  const [months] = usePeriod();
  // The MAU block shares this request.
  const { data, isError } = useQuery(getMauOptions({ query: { months } }));
  const { dataUpdatedAt } = useCustomer();
  const days = Math.max(1, Math.ceil((Date.parse(month.endsAt) - dataUpdatedAt) / DAY));
  const expected = data?.expectedMau;
  return (
    <Stack gap="xs">
      <Stack gap={0}>
        <Text size="sm">{text.byTheEnd}</Text>
        {/* If the request fails, the MAU block shows the error. */}
        {!data && !isError && <Skeleton height="2.7rem" aria-busy />}
        {expected && (
          <>
            <Text component="strong" fz="2.25rem" fw={700} lh={1.2}>
              {text.about(format.number(expected.mau))}
            </Text>
            <Text size="sm">{text.pace[expected.pace]}</Text>
          </>
        )}
        {expected === null && <Text size="sm">{text.unknown}</Text>}
      </Stack>
      <Text size="sm">{text.daysLeft(days, format.dateTime(month.endsAt, month.timeZone))}</Text>
      {data && <Trend mau={data} />}
    </Stack>
  );
}

/** Draws the total MAU of each month as a bar. */
function Trend({ mau: { months, total } }: { readonly mau: MauView }) {
  const text = useText(texts);
  const format = useFormat();
  const highest = Math.max(1, ...total);
  return (
    <ul className={classes['trend']} aria-label={text.trend}>
      {months.map((month, index) => {
        const mau = total[index] ?? 0;
        const words = text.ofMonth(format.month(month), format.number(mau));
        return (
          <li key={month} className={classes['bar']} style={{ height: `${(mau / highest) * 100}%` }} title={words}>
            <VisuallyHidden>{words}</VisuallyHidden>
          </li>
        );
      })}
    </ul>
  );
}
