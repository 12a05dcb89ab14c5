import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useRef } from 'react';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Facts } from '../../ui/facts.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { Loading } from '../../ui/page/loading.tsx';
import { EditableBlock } from '../editing/editable-block.tsx';
import { MauAlertWarnings } from './mau-alert-warnings.tsx';
import { useMauAlertFacts } from './use-mau-alert-facts.ts';

const MauAlertForm = loadedLater(() => import('./mau-alert-form.tsx'));
const WebhookPart = loadedLater(() => import('./webhook/webhook-part.tsx'));

const texts = {
  en: {
    title: 'MAU alert',
    edit: 'Edit',
    editTitle: 'Edit the MAU alert',
    onlyPrivileged: 'Only privileged administrators can edit this.',
    explanation:
      'When the MAU of a month exceeds the threshold, the representative gets one e-mail for that month and threshold.',
    recipient: 'Sent to',
    representative: (name: string) => `${name} (the representative)`,
    others: (count: number) => (count === 1 ? 'and 1 other administrator' : `and ${count} other administrators`),
    undeliverable: 'E-mails to this address are not delivered.',
    last: 'Last notification',
    none: 'None yet',
    webhook: 'Webhook',
    webhookIs: 'A URL of yours that gets each alert too, so that your own systems can react.',
    showWebhook: 'Show the webhook',
    notified: (month: string, threshold: string) => `${month}, threshold ${threshold}`,
    status: { pending: 'Pending', sent: 'Sent', bounced: 'Not delivered', failed: 'Failed' },
    meaning: {
      pending: 'The e-mail will be sent within minutes.',
      sent: '',
      bounced: 'The e-mail was sent but not delivered. Check the address of the representative.',
      failed: 'The e-mail could not be sent. We keep trying for 3 days.',
    },
  },
  ja: {
    title: 'MAUアラート',
    edit: '編集',
    editTitle: 'MAUアラートの編集',
    onlyPrivileged: '編集できるのは特権管理者のみです。',
    explanation: '月のMAUがしきい値を超えると、担当者にメールでお知らせします。お知らせは月としきい値ごとに1回です。',
    recipient: '送信先',
    representative: (name: string) => `${name}（担当者）`,
    others: (count: number) => `ほか ${count} 人の管理者`,
    undeliverable: 'このアドレスにはメールが届いていません。',
    last: '最後のお知らせ',
    none: 'まだありません',
    webhook: 'Webhook',
    webhookIs: 'アラートを指定のURLにも送信します。受信側のシステムで自動処理に利用できます。',
    showWebhook: 'Webhookを表示',
    notified: (month: string, threshold: string) => `${month}、しきい値 ${threshold}`,
    status: { pending: '送信待ち', sent: '送信済み', bounced: '不達', failed: '送信失敗' },
    meaning: {
      pending: '数分以内にメールが送信されます。',
      sent: '',
      bounced: 'メールは送信されましたが、届きませんでした。担当者のアドレスをご確認ください。',
      failed: 'メールを送信できませんでした。3日間、再送を試みます。',
    },
  },
} satisfies Texts<object>;

/** Shows the MAU alert: its threshold, its recipient and the last notification. */
export function MauAlertBlock() {
  const text = useText(texts);
  const factsOf = useMauAlertFacts();
  return (
    <EditableBlock
      anchor="mau-alert"
      title={text.title}
      edit={text.edit}
      permission="editMauAlert"
      reason={text.onlyPrivileged}
      dialogTitle={text.editTitle}
      dialog={MauAlertForm}
    >
      {(view) => (
        <>
          <Text size="sm">{text.explanation}</Text>
          <Facts
            facts={[
              ...factsOf(view),
              [text.recipient, <Recipient key="recipient" view={view} />],
              [text.last, <LastNotification key="last" view={view} />],
            ]}
          />
          {view.mauAlert.enabled && (
            <MauAlertWarnings view={view} threshold={view.mauAlert.threshold} levels={view.mauAlert.levels} isSaved />
          )}
          <OfferedWebhook />
        </>
      )}
    </EditableBlock>
  );
}

/** Offers the webhook, which is read only when a person asks for it. */
function OfferedWebhook() {
  const text = useText(texts);
  const [isShown, { open }] = useDisclosure();
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Stack gap="sm">
      <Title order={3} size="h5" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
        {text.webhook}
      </Title>
      <Text size="sm">{text.webhookIs}</Text>
      {isShown ? (
        <Suspense fallback={<Loading />}>
          <WebhookPart />
        </Suspense>
      ) : (
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              // The button has the focus and disappears.
              heading.current?.focus();
              open();
            }}
          >
            {text.showWebhook}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Recipient({ view: { representative, mauAlert } }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const { name, email, undeliverable, administratorId } = representative;
  const others = mauAlert.recipients?.filter((id) => id !== administratorId).length ?? 0;
  return (
    <>
      {text.representative(name)}
      {'\n'}
      {email}
      {undeliverable && (
        <Text size="sm" fw={600}>
          {text.undeliverable}
        </Text>
      )}
      {others > 0 && `\n${text.others(others)}`}
    </>
  );
}

const colors = { pending: 'yellow', sent: 'green', bounced: 'red', failed: 'red' } as const;

function LastNotification({ view: { mauAlert, month } }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  const last = mauAlert.lastNotification;
  if (!last) return text.none;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Badge color={colors[last.status]} variant="light" tt="none">
          {text.status[last.status]}
        </Badge>
        <span>{text.notified(format.month(last.month), format.number(last.threshold))}</span>
      </Group>
      <Text size="sm">{format.dateTime(last.at, month.timeZone)}</Text>
      {text.meaning[last.status] !== '' && <Text size="sm">{text.meaning[last.status]}</Text>}
    </Stack>
  );
}
