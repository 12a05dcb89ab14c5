import { Badge, Stack, Table, Text } from '@mantine/core';
import type { WebhookDelivery } from '../../../client/types.gen.ts';
import { useText, type Texts } from '../../../text/language.tsx';
import { useFormat } from '../../../text/use-format.ts';
import { TextCell } from '../../../ui/table/text-cell.tsx';
import { WideTable } from '../../../ui/table/wide-table.tsx';
import { useTimeZone } from '../../use-customer.ts';

const texts = {
  en: {
    title: 'Last deliveries',
    none: 'Nothing was sent in the last 30 days.',
    event: 'Event',
    types: { 'mau.threshold-exceeded': 'MAU alert', 'webhook.test': 'Test' },
    status: 'Status',
    statuses: { pending: 'Pending', delivered: 'Delivered', failed: 'Failed' },
    attempts: 'Attempts',
    outcome: 'Last attempt',
    answered: (status: number) => `The receiver answered with the status ${status}.`,
    failures: {
      status: (status: number) => `The receiver answered with the status ${status}.`,
      'timed-out': () => 'The receiver did not answer within 10 seconds.',
      unreachable: () => 'There was no connection, or no valid TLS certificate.',
      'private-address': () => 'The host name leads to an address that is not public.',
      'secret-lost': () => 'The service can no longer sign with the secret. Rotate it.',
      interrupted: () => 'The outcome is not known.',
    },
    next: (time: string) => `Next attempt: ${time}`,
  },
  ja: {
    title: '最近の送信',
    none: '過去30日間に送信したイベントはありません。',
    event: 'イベント',
    types: { 'mau.threshold-exceeded': 'MAUアラート', 'webhook.test': 'テスト' },
    status: '状態',
    statuses: { pending: '送信待ち', delivered: '送信済み', failed: '送信失敗' },
    attempts: '試行回数',
    outcome: '最後の試行',
    answered: (status: number) => `受信側の応答：ステータス ${status}`,
    failures: {
      status: (status: number) => `受信側の応答：ステータス ${status}`,
      'timed-out': () => '10秒以内に応答がありませんでした。',
      unreachable: () => '接続できないか、TLS証明書が有効ではありません。',
      'private-address': () => 'ホスト名が、公開されていないアドレスを指しています。',
      'secret-lost': () => '現在のシークレットでは署名できません。シークレットを更新してください。',
      interrupted: () => '結果を確認できませんでした。',
    },
    next: (time: string) => `次の試行：${time}`,
  },
} satisfies Texts<object>;

const colors = { pending: 'yellow', delivered: 'green', failed: 'red' } as const;

/** Lists the last deliveries to the webhook, the latest first. */
export function Deliveries({ deliveries }: { readonly deliveries: readonly WebhookDelivery[] }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  if (deliveries.length === 0) return <Text size="sm">{text.none}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {text.title}
      </Text>
      <WideTable minWidth={640} name={{ 'aria-label': text.title }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.event}</Table.Th>
            <Table.Th>{text.status}</Table.Th>
            <Table.Th ta="end">{text.attempts}</Table.Th>
            <Table.Th>{text.outcome}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <TextCell>
                {text.types[delivery.type]}
                <Text size="xs">{format.dateTime(delivery.createdAt, timeZone)}</Text>
              </TextCell>
              <Table.Td>
                <Badge color={colors[delivery.status]} variant="light" tt="none" miw="max-content">
                  {text.statuses[delivery.status]}
                </Badge>
              </Table.Td>
              <Table.Td ta="end">{format.number(delivery.attempts)}</Table.Td>
              <TextCell>
                <Outcome delivery={delivery} />
              </TextCell>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Stack>
  );
}

function Outcome({
  delivery: { failure, responseStatus, lastAttemptAt, nextAttemptAt },
}: {
  readonly delivery: WebhookDelivery;
}) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
    <>
      {failure !== null && text.failures[failure](responseStatus ?? 0)}
      {failure === null && responseStatus !== null && text.answered(responseStatus)}
      {lastAttemptAt !== null && <Text size="xs">{format.dateTime(lastAttemptAt, timeZone)}</Text>}
      {lastAttemptAt !== null && nextAttemptAt !== null && (
        <Text size="xs">{text.next(format.dateTime(nextAttemptAt, timeZone))}</Text>
      )}
    </>
  );
}
