import { Text } from '@mantine/core';
import type { AuditEntry } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { sentences, type Facts } from './sentences.ts';
import classes from './entry-list.module.css';

const texts = {
  en: {
    person: (name: string) => name,
    operator: 'The operator',
    service: 'The service',
    named: (role: string, name: string) => `${role} (${name})`,
    from: 'From',
  },
  ja: {
    person: (name: string) => `${name}さん`,
    operator: 'サービスの運営者',
    service: 'サービス',
    named: (role: string, name: string) => `${role}（${name}）`,
    from: '接続元',
  },
} satisfies Texts<object>;

export interface EntryListProps {
  readonly entries: readonly AuditEntry[];
  /** The accessible name of the list. */
  readonly name: string;
  /** The service's time zone, in which the list shows times. Undefined until it is known. */
  readonly timeZone: string | undefined;
  /** The names of RPs, keyed by their IDs. The list shows the ID of any other RP. */
  readonly rpNames?: ReadonlyMap<string, string>;
}

/**
 * Lists entries, each with its time, a sentence, and where the request came from: side by side, or one below the other
 * on a narrow screen.
 */
export function EntryList({ entries, name, timeZone, rpNames }: EntryListProps) {
  const text = useText(texts);
  const say = useText(sentences);
  const format = useFormat();
  // Only the response to an operator names the operator.
  const authorOf = ({ type, name: author }: AuditEntry['by']) => {
    if (type === 'administrator') return text.person(author ?? '');
    return author === null ? text[type] : text.named(text[type], author);
  };
  const factsOf = ({ by, subject, rp, before, after }: AuditEntry): Facts => ({
    by: authorOf(by),
    name: subject?.name ?? subject?.id ?? '',
    rp: rp === null ? '' : (rpNames?.get(rp) ?? rp),
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
