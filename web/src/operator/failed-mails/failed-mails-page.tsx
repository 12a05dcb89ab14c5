import { Anchor, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listFailedMailsInfiniteOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { FailedMail } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Page } from '../../ui/page/page.tsx';
import { MoreButton } from '../../ui/table/more-button.tsx';
import { addressOfCustomer } from '../customers/lists.ts';
import { EmailAddress } from '../email-address.tsx';
import { AsOf } from '../overview/as-of.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import { Records, type Column } from '../records.tsx';
import { texts as names } from '../texts.ts';

const texts = {
  en: {
    explanation:
      'The latest MAU alert to each customer’s representative if it did not arrive, and the addresses to which no e-mails are delivered any more.',
    advice:
      'Reach the person in another way. If a representative has lost the address, replace it with a command from the page of the customer. If the address works again, remove it from the suppression list of SES, as the runbook says.',
    list: 'E-mails and addresses',
    none: 'No entries. Other e-mails that SES refused are only in the log.',
    customer: 'Customer',
    mail: 'E-mail',
    alert: (month: string) => `MAU alert of ${month}`,
    any: 'All e-mails',
    address: 'Address',
    status: 'Status',
    statuses: { failed: 'Failed', bounced: 'Bounced', undeliverable: 'Address undeliverable' },
    at: 'Time',
    more: 'Show more e-mails',
  },
  ja: {
    explanation:
      '各カスタマーの担当者宛ての最新のMAUアラートのうち届かなかったものと、メールが配信されなくなったアドレスです。',
    advice:
      '相手には別の方法でご連絡ください。担当者がアドレスを使えなくなった場合は、カスタマーの画面にあるコマンドで変更できます。アドレスが再び使えるようになった場合は、運用手順書（runbook）に従ってSESの抑制リストから削除してください。',
    list: 'メールとアドレス',
    none: '該当するものはありません。SESに拒否されたその他のメールは、ログにのみ記録されます。',
    customer: 'カスタマー',
    mail: 'メール',
    alert: (month: string) => `${month}のMAUアラート`,
    any: 'すべてのメール',
    address: 'アドレス',
    status: '状態',
    statuses: { failed: '送信失敗', bounced: '不達', undeliverable: '配信できないアドレス' },
    at: '日時',
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/** Lists the e-mails that did not arrive, the latest first. */
export function FailedMailsPage() {
  const text = useText(texts);
  const name = useText(names);
  const query = useInfiniteQuery({
    ...listFailedMailsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Page title={name.failedMails}>
      <Block title={text.list} query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          const asOf = pages[0]?.asOf ?? null;
          return (
            <Stack gap="sm">
              <Text size="sm">{text.explanation}</Text>
              <AsOf asOf={asOf} />
              {rows.length > 0 && (
                <>
                  <Text size="sm">{text.advice}</Text>
                  <MailsTable rows={rows} />
                </>
              )}
              {rows.length === 0 && asOf !== null && <Text>{text.none}</Text>}
              <MoreButton query={query} label={text.more} />
            </Stack>
          );
        }}
      </Block>
    </Page>
  );
}

function MailsTable({ rows }: { readonly rows: readonly FailedMail[] }) {
  const text = useText(texts);
  const name = useText(names);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  const columns: readonly [Column<FailedMail>, ...Column<FailedMail>[]] = [
    {
      name: text.customer,
      isText: true,
      value: ({ customerId, customerName }) => (
        <Anchor component={Link} href={addressOfCustomer(customerId)} inherit>
          {customerName}
        </Anchor>
      ),
    },
    { name: text.mail, value: ({ month }) => (month === null ? text.any : text.alert(format.month(month))) },
    {
      name: text.address,
      isText: true,
      value: ({ address }) => (address === null ? '–' : <EmailAddress address={address} />),
    },
    { name: text.status, value: ({ status }) => text.statuses[status] },
    { name: text.at, value: ({ at }) => (at === null ? '–' : format.dateTime(at, timeZone)) },
  ];
  return (
    <Records
      name={name.failedMails}
      columns={columns}
      rows={rows}
      keyOf={({ customerId, kind, administratorId }) => `${customerId} ${kind} ${administratorId ?? ''}`}
      minWidth={820}
    />
  );
}
