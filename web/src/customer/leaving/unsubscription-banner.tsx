import { Alert, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { problemOf, slugOf } from '../../api/problem.ts';
import { cancelUnsubscriptionMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { GetSessionResponse } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { useTellProblem } from '../../ui/use-tell-problem.ts';
import { useTimeZone } from '../use-customer.ts';
import { useUnsubscriptionChanged } from './use-unsubscription-changed.ts';

const texts = {
  en: {
    title: (when: string) => `This account will be closed on ${when}`,
    follows:
      'The representative has unsubscribed. Everything works as before until this time. Then your use of the service ends, and everything that is registered is deleted and cannot be restored.',
    keep: 'Keep using the service',
    onlyPrivileged: 'To keep using the service, ask a privileged administrator.',
    kept: 'The account stays open',
    failed: 'The unsubscription was not cancelled',
  },
  ja: {
    title: (when: string) => `${when} に解約されます`,
    follows:
      '担当者が解約の手続きを行いました。この日時までは、これまでどおりサービスを利用できます。その後、サービスの利用が終了し、登録情報はすべて破棄され、元に戻せません。',
    keep: 'サービスの利用を続ける',
    onlyPrivileged: 'サービスの利用を続けるには、特権管理者にご連絡ください。',
    kept: '解約を取り消しました',
    failed: '解約を取り消せませんでした',
  },
} satisfies Texts<object>;

/**
 * Announces, during the grace period, when the use of the service ends. Lets a privileged administrator cancel. After
 * somebody cancelled, the focus moves to the title of the page, because the banner with the button disappears.
 */
export function UnsubscriptionBanner({ session }: { readonly session: GetSessionResponse }) {
  const { unsubscription, permissions } = session;
  if (!unsubscription) return null;
  return <Banner effectiveAt={unsubscription.effectiveAt} mayCancel={permissions.cancelUnsubscription === true} />;
}

function Banner({ effectiveAt, mayCancel }: { readonly effectiveAt: string; readonly mayCancel: boolean }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const tellProblem = useTellProblem();
  const unsubscriptionChanged = useUnsubscriptionChanged();
  const cancel = useMutation({
    ...cancelUnsubscriptionMutation(),
    onSuccess: () => {
      notifications.show({ message: text.kept });
    },
    onError: (error) => {
      // If nothing is pending any more, somebody else cancelled first.
      if (slugOf(problemOf(error)) !== 'not-found') tellProblem(text.failed, error);
    },
    onSettled: async () => {
      await unsubscriptionChanged();
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('main h1')?.focus();
    },
  });
  return (
    <Alert color="red" role="status" mb="lg" title={text.title(format.dateTime(effectiveAt, timeZone))}>
      <Stack gap="xs">
        <Text size="sm">{text.follows}</Text>
        {mayCancel ? (
          <Group>
            <ActionButton
              size="xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => {
                cancel.mutate({});
              }}
            >
              {text.keep}
            </ActionButton>
          </Group>
        ) : (
          <Text size="sm">{text.onlyPrivileged}</Text>
        )}
      </Stack>
    </Alert>
  );
}
