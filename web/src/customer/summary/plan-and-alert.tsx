import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CustomerView } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: {
    plan: 'Plan',
    ends: (plan: string, date: string) => `${plan}, until ${date}`,
    ended: (plan: string, date: string) => `${plan}, ended on ${date}`,
    starts: (plan: string, date: string) => `${plan}, starts on ${date}`,
    alert: 'MAU alert',
    off: 'Off',
    on: 'On',
    above: (threshold: string) => `On, above ${threshold} MAU`,
    notified: {
      pending: 'The e-mail is being sent.',
      sent: 'The e-mail was sent.',
      bounced: 'The e-mail was not delivered.',
      failed: 'The e-mail could not be sent.',
    },
  },
  ja: {
    plan: 'プラン',
    ends: (plan: string, date: string) => `${plan}（${date}まで）`,
    ended: (plan: string, date: string) => `${plan}（${date}に終了）`,
    starts: (plan: string, date: string) => `${plan}（${date}に開始）`,
    alert: 'MAUアラート',
    off: 'オフ',
    on: 'オン',
    above: (threshold: string) => `オン（${threshold} MAUを超えたとき）`,
    notified: {
      pending: 'メールを送信しています。',
      sent: 'メールを送信しました。',
      bounced: 'メールが届きませんでした。',
      failed: 'メールを送信できませんでした。',
    },
  },
} satisfies Texts<object>;

/** Shows the plan with its end, and whether the MAU alert is on and has told the representative this month. */
export function PlanAndAlert({ view }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  const plan = usePlanInWords(view);
  const { mauAlert, month } = view;
  const { lastNotification: last, enabled, threshold, levels = [] } = mauAlert;
  const thresholds = [threshold, ...levels.map((level) => level.threshold)].filter((each) => each !== null);
  const isOfThisMonth = last?.month === month.month && thresholds.includes(last.threshold);
  return (
    <Stack gap="sm">
      <Item name={text.plan}>{plan}</Item>
      <Item name={text.alert}>
        {!enabled && text.off}
        {enabled && (thresholds.length > 0 ? text.above(format.number(Math.min(...thresholds))) : text.on)}
        {enabled && isOfThisMonth && (
          <Text size="sm" component="span" display="block">
            {text.notified[last.status]}
          </Text>
        )}
      </Item>
    </Stack>
  );
}

/** Returns the name of the plan, and from or until when it applies. A plan without an end has only its name. */
function usePlanInWords({ license, month }: CustomerView): string {
  const text = useText(texts);
  const format = useFormat();
  const { status, startsAt, endsAt } = license;
  const plan = planNames[license.type];
  if (status === 'not-started') return text.starts(plan, format.date(startsAt, month.timeZone));
  if (endsAt === null) return plan;
  const date = format.date(endsAt, month.timeZone);
  return status === 'expired' ? text.ended(plan, date) : text.ends(plan, date);
}

function Item({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="sm">{name}</Text>
      <Text component="div" fw={600}>
        {children}
      </Text>
    </Stack>
  );
}
