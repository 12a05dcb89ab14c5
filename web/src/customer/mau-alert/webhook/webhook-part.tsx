import { Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  getWebhookOptions,
  getWebhookQueryKey,
  removeWebhookMutation,
  testWebhookMutation,
} from '../../../client/@tanstack/react-query.gen.ts';
import type { GetWebhookResponse, Webhook } from '../../../client/types.gen.ts';
import { useText, type Texts } from '../../../text/language.tsx';
import { useFormat } from '../../../text/use-format.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { confirm } from '../../../ui/confirmation.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { FormProblem } from '../../../ui/form/form-problem.tsx';
import { useSave } from '../../../ui/form/use-save.ts';
import { Failure } from '../../../ui/page/failure.tsx';
import { Loading } from '../../../ui/page/loading.tsx';
import { ReasonedButton } from '../../../ui/reasoned-button.tsx';
import { useCustomer, useTimeZone } from '../../use-customer.ts';
import { Deliveries } from './deliveries.tsx';
import { WebhookDialog, type WebhookTask } from './webhook-dialog.tsx';

const texts = {
  en: {
    explanation:
      'The service signs each event with a secret. If your server does not accept an event, the service tries again for a day.',
    none: 'No URL is set.',
    onlyPrivileged: 'Only privileged administrators can change this.',
    set: 'Set a URL',
    change: 'Change the URL',
    rotate: 'Rotate the secret',
    test: 'Send a test event',
    tested: 'The test event is on its way',
    tooSoon: 'You can send a test event every 10 seconds. Wait a moment.',
    remove: 'Remove',
    removeTitle: 'Remove the webhook?',
    consequences:
      'Your server gets no further events, and nobody can see the last deliveries. E-mails are sent as before.',
    removed: 'Webhook removed',
    secretOf: 'Secret created',
    previous: (until: string) => `The previous secret signs too until ${until}.`,
  },
  ja: {
    explanation: 'イベントはシークレットで署名されます。受信側がエラーを返した場合は、約1日再送を試みます。',
    none: 'URLは設定されていません。',
    onlyPrivileged: '変更できるのは特権管理者のみです。',
    set: 'URLを設定',
    change: 'URLを変更',
    rotate: 'シークレットを更新',
    test: 'テストイベントを送信',
    tested: 'テストイベントを送信しています',
    tooSoon: 'テストイベントは10秒に1回まで送信できます。しばらくお待ちください。',
    remove: '削除',
    removeTitle: 'Webhookを削除しますか？',
    consequences:
      '以後、イベントは送信されません。最近の送信結果も表示されなくなります。メールでのお知らせは続きます。',
    removed: 'Webhookを削除しました',
    secretOf: 'シークレットの作成日時',
    previous: (until: string) => `${until}まで、以前のシークレットでも署名します。`,
  },
} satisfies Texts<object>;

/** How often the part reads the deliveries again while an attempt is due within `SOON`, in milliseconds. */
const EVERY = 2_000;
/** How often it does so while each pending delivery waits longer, in milliseconds. */
const EVERY_UNTIL_SOON = 30_000;
const SOON = 60_000;

/**
 * Returns after how many milliseconds to read the webhook again, and false if none of its deliveries is pending.
 * TanStack Query reads nothing while the tab is hidden.
 */
function readAgainAfter({ deliveries }: Webhook): number | false {
  const attempts = deliveries.flatMap(({ nextAttemptAt }) =>
    nextAttemptAt === null ? [] : [Date.parse(nextAttemptAt)],
  );
  if (attempts.length === 0) return false;
  // An attempt that is long overdue has no longer anything to do with what the person just did.
  const isSoon = attempts.some((at) => Math.abs(at - Date.now()) < SOON);
  return isSoon ? EVERY : EVERY_UNTIL_SOON;
}

/**
 * Shows the customer's webhook and its last deliveries. Privileged administrators can change it. The code is loaded
 * when a person asks for the webhook, so that opening the Customer screen waits for only one function.
 */
export default function WebhookPart() {
  const text = useText(texts);
  const queryClient = useQueryClient();
  const { data, error, isError, refetch } = useQuery({
    ...getWebhookOptions(),
    refetchInterval: ({ state }) => (state.data?.webhook ? readAgainAfter(state.data.webhook) : false),
  });
  const [task, setTask] = useState<WebhookTask | null>(null);
  const changed = (webhook: Webhook | null) => {
    queryClient.setQueryData<GetWebhookResponse>(getWebhookQueryKey(), { webhook });
  };
  return (
    <Stack gap="sm">
      <Text size="sm">{text.explanation}</Text>
      {isError && <Failure error={error} onRetry={refetch} />}
      {data ? (
        <>
          {data.webhook ? <WebhookFacts webhook={data.webhook} /> : <Text size="sm">{text.none}</Text>}
          <Actions
            webhook={data.webhook}
            onTask={setTask}
            onRemoved={() => {
              changed(null);
            }}
          />
          {data.webhook && <Deliveries deliveries={data.webhook.deliveries} onRefresh={refetch} />}
        </>
      ) : (
        !isError && <Loading />
      )}
      <WebhookDialog
        task={task}
        url={data?.webhook?.url ?? ''}
        onChanged={changed}
        onClose={() => {
          setTask(null);
        }}
      />
    </Stack>
  );
}

function WebhookFacts({ webhook: { url, secretCreatedAt, previousSecretEndsAt } }: { readonly webhook: Webhook }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const previous = previousSecretEndsAt && text.previous(format.dateTime(previousSecretEndsAt, timeZone));
  return (
    <Facts
      facts={[
        ['URL', url],
        [text.secretOf, [format.dateTime(secretCreatedAt, timeZone), ...(previous ? [previous] : [])].join('\n')],
      ]}
    />
  );
}

interface ActionsProps {
  readonly webhook: Webhook | null;
  readonly onTask: (task: WebhookTask) => void;
  readonly onRemoved: () => void;
}

function Actions({ webhook, onTask, onRemoved }: ActionsProps) {
  const text = useText(texts);
  const { data: customer } = useCustomer();
  const reason = customer?.permissions.editMauAlert === false ? text.onlyPrivileged : null;
  const common = { size: 'xs', variant: 'default', reason } as const;
  const test = useTest();
  if (!webhook) {
    return (
      <Group>
        <ReasonedButton
          {...common}
          onClick={() => {
            onTask('set');
          }}
        >
          {text.set}
        </ReasonedButton>
      </Group>
    );
  }
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {reason === null && (
          <ActionButton
            size="xs"
            variant="default"
            loading={test.isPending}
            onClick={() => {
              test.mutate({});
            }}
          >
            {text.test}
          </ActionButton>
        )}
        <ReasonedButton
          {...common}
          onClick={() => {
            test.reset();
            onTask('change');
          }}
        >
          {text.change}
        </ReasonedButton>
        <ReasonedButton
          {...common}
          onClick={() => {
            test.reset();
            onTask('rotate');
          }}
        >
          {text.rotate}
        </ReasonedButton>
        <ReasonedButton
          {...common}
          onClick={() => {
            test.reset();
            confirm(text.removeTitle, {
              consequences: <Text size="sm">{text.consequences}</Text>,
              label: text.remove,
              mutation: removeWebhookMutation(),
              variables: {},
              message: text.removed,
              removes: true,
              onSaved: onRemoved,
            });
          }}
        >
          {text.remove}
        </ReasonedButton>
      </Group>
      <FormProblem error={test.error} fields={[]} says={{ 'too-many-requests': text.tooSoon }} />
    </Stack>
  );
}

/** Sends a test event, and adds its delivery to the list. */
function useTest() {
  const text = useText(texts);
  const queryClient = useQueryClient();
  return useSave(testWebhookMutation(), {
    message: text.tested,
    onSaved: (delivery) => {
      // The service may return a list without the new delivery at first.
      queryClient.setQueryData<GetWebhookResponse>(
        getWebhookQueryKey(),
        (read) =>
          read && {
            webhook: read.webhook && { ...read.webhook, deliveries: [delivery, ...read.webhook.deliveries] },
          },
      );
    },
  });
}
