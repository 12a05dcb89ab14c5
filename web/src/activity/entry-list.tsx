import { Text } from '@mantine/core';
import type { AuditEntry } from '../client/types.gen.ts';
import { useTimeZone } from '../customer/use-customer.ts';
import { useRps } from '../rps/use-rps.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { sentences, type Facts } from './sentences.ts';
import classes from './entry-list.module.css';

const texts = {
  en: { person: (name: string) => name, operator: 'The operator', service: 'The service', from: 'From' },
  ja: { person: (name: string) => `${name}さん`, operator: 'サービスの運営者', service: 'サービス', from: '接続元' },
} satisfies Texts<object>;

export interface EntryListProps {
  readonly entries: readonly AuditEntry[];
  /** The accessible name of the list. */
  readonly name: string;
}

/**
 * Lists entries, each with its time, a sentence, and where the request came from: side by side, or one below the other
 * on a narrow screen.
 */
export function EntryList({ entries, name }: EntryListProps) {
  const text = useText(texts);
  const say = useText(sentences);
  const format = useFormat();
  const timeZone = useTimeZone();
  const rps = new Map(useRps().data?.map((rp) => [rp.id, rp.name]));
  const factsOf = ({ by, subject, rp, before, after }: AuditEntry): Facts => ({
    by: by.type === 'administrator' ? text.person(by.name ?? '') : text[by.type],
    name: subject?.name ?? subject?.id ?? '',
    rp: rp === null ? '' : (rps.get(rp) ?? rp),
    before: before ?? {},
    after: after ?? {},
  });
  // A later version of the service may have kinds that this console does not know.
  const sentenceOf = (entry: AuditEntry) => (entry.kind in say ? say[entry.kind](factsOf(entry)) : entry.kind);
  return (
    <ul className={classes['list']} aria-label={name}>
      {entries.map((entry) => (
        <li key={entry.id} className={classes['entry']}>
          <Text size="sm" component="time" dateTime={entry.at}>
            {format.dateTime(entry.at, timeZone)}
          </Text>
          <Text size="sm">{sentenceOf(entry)}</Text>
          <Text size="xs" c="dimmed" className={classes['from'] ?? ''} title={entry.userAgent ?? undefined}>
            {entry.ipAddress !== null && `${text.from} ${entry.ipAddress}`}
            {entry.userAgent !== null && (
              <>
                <br />
                <span lang="en">{entry.userAgent}</span>
              </>
            )}
          </Text>
        </li>
      ))}
    </ul>
  );
}
