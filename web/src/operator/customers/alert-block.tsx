import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import type { CustomerQuery } from './customer-page.tsx';

const texts = {
  en: {
    title: 'MAU alert',
    threshold: 'Threshold',
    off: 'The alert is off',
    levels: 'More levels',
    last: 'Last notification',
    none: 'None yet',
    notified: (month: string, threshold: string) => `${month}, threshold ${threshold}`,
    statuses: { pending: 'Pending', sent: 'Sent', bounced: 'Bounced', failed: 'Failed' },
  },
  ja: {
    title: 'MAUアラート',
    threshold: 'しきい値',
    off: 'アラートはオフです',
    levels: '追加のしきい値',
    last: '最後のお知らせ',
    none: 'まだありません',
    notified: (month: string, threshold: string) => `${month}、しきい値 ${threshold}`,
    statuses: { pending: '送信待ち', sent: '送信済み', bounced: '不達', failed: '送信失敗' },
  },
} satisfies Texts<object>;

/** Shows the MAU alert and its last notification. */
export function AlertBlock({ query }: { readonly query: CustomerQuery }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  return (
    <Block title={text.title} query={query}>
      {({ mauAlert: { enabled, threshold, levels, lastNotification: last } }) => {
        const inMau = (count: number) => `${format.number(count)} MAU`;
        const lastFact = last
          ? `${text.statuses[last.status]}\n${text.notified(format.month(last.month), inMau(last.threshold))}\n${format.dateTime(last.at, timeZone)}`
          : text.none;
        return (
          <Facts
            facts={[
              [text.threshold, enabled ? threshold && inMau(threshold) : text.off],
              ...(enabled && levels.length > 0
                ? [
                    [
                      text.levels,
                      levels.map((level) => (level.endsWith('%') ? level : inMau(Number(level)))).join('\n'),
                    ] as const,
                  ]
                : []),
              [text.last, lastFact],
            ]}
          />
        );
      }}
    </Block>
  );
}
