import { Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { WebhookDelivery } from '../../../client/types.gen.ts';
import { useText, type Texts } from '../../../text/language.tsx';
import { useFormat } from '../../../text/use-format.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Cards, useShowsCards } from '../../../ui/table/cards.tsx';
import { FactsOfCard } from '../../../ui/table/facts-of-card.tsx';
import { TextCell } from '../../../ui/table/text-cell.tsx';
import { WideTable } from '../../../ui/table/wide-table.tsx';
import { useTimeZone } from '../../use-customer.ts';

const texts = {
  en: {
    title: 'Last deliveries',
    refresh: 'Refresh',
    none: 'Nothing was sent in the last 30 days.',
    event: 'Event',
    types: { 'mau.threshold-exceeded': 'MAU alert', 'webhook.test': 'Test' },
    status: 'Status',
    statuses: { pending: 'Pending', retrying: 'Retrying', delivered: 'Delivered', failed: 'Failed' },
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
    refresh: '更新',
    none: '過去30日間に送信したイベントはありません。',
    event: 'イベント',
    types: { 'mau.threshold-exceeded': 'MAUアラート', 'webhook.test': 'テスト' },
    status: '状態',
    statuses: { pending: '送信待ち', retrying: '再送待ち', delivered: '配信済み', failed: '送信失敗' },
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

const colors = { pending: 'yellow', retrying: 'yellow', delivered: 'green', failed: 'red' } as const;

/** Returns whether an attempt failed and another one follows. */
const isRetrying = ({ status, failure }: WebhookDelivery) => status === 'pending' && failure !== null;

interface DeliveriesProps {
  readonly deliveries: readonly WebhookDelivery[];
}

/** Lists the last deliveries to the webhook, the latest first: as a table, or as cards on a narrow screen. */
export function Deliveries({
  deliveries,
  onRefresh,
}: DeliveriesProps & { readonly onRefresh: () => Promise<unknown> }) {
  const text = useText(texts);
  const showsCards = useShowsCards();
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={4} size="sm" fw={500}>
          {text.title}
        </Title>
        <RefreshButton onRefresh={onRefresh} />
      </Group>
      {deliveries.length === 0 ? (
        <Text size="sm">{text.none}</Text>
      ) : showsCards ? (
        <DeliveryCards deliveries={deliveries} />
      ) : (
        <DeliveryTable deliveries={deliveries} />
      )}
    </Stack>
  );
}

/** Reads the deliveries again. The button is busy only after a click, not whenever the list reads itself again. */
function RefreshButton({ onRefresh }: { readonly onRefresh: () => Promise<unknown> }) {
  const text = useText(texts);
  const [isBusy, setBusy] = useState(false);
  return (
    <ActionButton
      size="compact-sm"
      variant="subtle"
      loading={isBusy}
      onClick={() => {
        setBusy(true);
        void onRefresh().finally(() => {
          setBusy(false);
        });
      }}
    >
      {text.refresh}
    </ActionButton>
  );
}

function DeliveryTable({ deliveries }: DeliveriesProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
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
              <Status delivery={delivery} />
            </Table.Td>
            <Table.Td ta="end">{format.number(delivery.attempts)}</Table.Td>
            <TextCell>
              <Outcome delivery={delivery} />
            </TextCell>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function DeliveryCards({ deliveries }: DeliveriesProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
    <Cards name={text.title}>
      {deliveries.map((delivery) => (
        <Paper key={delivery.id} component="li" withBorder p="sm">
          <Stack gap="xs">
            <div>
              <Group justify="space-between" gap="xs">
                <Title order={5}>{text.types[delivery.type]}</Title>
                <Status delivery={delivery} />
              </Group>
              <Text size="xs">{format.dateTime(delivery.createdAt, timeZone)}</Text>
            </div>
            <FactsOfCard
              facts={[
                [text.attempts, format.number(delivery.attempts)],
                ...(delivery.lastAttemptAt === null
                  ? []
                  : [[text.outcome, <Outcome key="outcome" delivery={delivery} />] as const]),
              ]}
            />
          </Stack>
        </Paper>
      ))}
    </Cards>
  );
}

function Status({ delivery }: { readonly delivery: WebhookDelivery }) {
  const text = useText(texts);
  const status = isRetrying(delivery) ? 'retrying' : delivery.status;
  return (
    <Badge color={colors[status]} variant="light" tt="none" miw="max-content">
      {text.statuses[status]}
    </Badge>
  );
}

function Outcome({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { failure, responseStatus, lastAttemptAt, nextAttemptAt } = delivery;
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
    <>
      {failure !== null && text.failures[failure](responseStatus ?? 0)}
      {failure === null && responseStatus !== null && text.answered(responseStatus)}
      {lastAttemptAt !== null && <Text size="xs">{format.dateTime(lastAttemptAt, timeZone)}</Text>}
      {isRetrying(delivery) && nextAttemptAt !== null && (
        <Text size="xs">{text.next(format.dateTime(nextAttemptAt, timeZone, '2-digit'))}</Text>
      )}
    </>
  );
}
