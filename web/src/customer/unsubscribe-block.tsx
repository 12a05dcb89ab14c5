import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { Suspense } from 'react';
import { unsubscribeCustomerMutation } from '../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { Block } from '../ui/block.tsx';
import { Failure } from '../ui/failure.tsx';
import { loadedLater } from '../ui/loaded-later.ts';
import { Loading } from '../ui/loading.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { useCustomer } from './use-customer.ts';

const UnsubscribeDialog = loadedLater(() => import('./unsubscribe-dialog.tsx'));

const texts = {
  en: {
    title: 'Unsubscribe',
    explanation: 'Ends the use of the service and discards everything that is registered. It cannot be undone.',
    unsubscribe: 'Unsubscribe',
    dialogTitle: 'Unsubscribe from the service',
    onlyRepresentative: (name: string) => `Only the representative may unsubscribe: ${name}.`,
    paid: 'A customer with a paid license is ended by the operator of the service.',
    notBilled:
      'The last month with a paid license is to be billed first. You can unsubscribe from the 11th of the month after it on.',
    whom: 'Show whom to contact',
    contact: 'Write to',
  },
  ja: {
    title: '解約',
    explanation: 'サービスの利用を終了し、登録されているものをすべて破棄します。取り消すことはできません。',
    unsubscribe: '解約',
    dialogTitle: 'サービスの解約',
    onlyRepresentative: (name: string) => `解約できるのは代表者（${name} さん）のみです。`,
    paid: '有料ライセンスのお客様の解約は、サービスの運営者が行います。',
    notBilled: '先に、有料ライセンスの最後の月の請求が行われます。その翌月の11日から解約できます。',
    whom: '連絡先を表示',
    contact: 'ご連絡先：',
  },
} satisfies Texts<object>;

/** Ends the customer's use of the service, for its representative on Free; says who can to everybody else. */
export function UnsubscribeBlock() {
  const text = useText(texts);
  const query = useCustomer();
  const [isOpened, { open, close }] = useDisclosure();
  return (
    <Block title={text.title} query={query}>
      {(view) => (
        <Stack gap="sm" align="start">
          <Text size="sm">{text.explanation}</Text>
          <ReasonedButton variant="outline" color="red" reason={reasonOf(view, text)} onClick={open}>
            {text.unsubscribe}
          </ReasonedButton>
          {!view.permissions.unsubscribe && (
            <Text size="sm" c="dimmed">
              {reasonOf(view, text)}
            </Text>
          )}
          {view.permissions.unsubscribeReason === 'paid-license' && <OperatorContact />}
          <Modal opened={isOpened} onClose={close} title={text.dialogTitle} size="lg">
            <Suspense fallback={<Loading />}>
              <UnsubscribeDialog onCancel={close} />
            </Suspense>
          </Modal>
        </Stack>
      )}
    </Block>
  );
}

function reasonOf({ permissions, license, representative }: CustomerView, text: (typeof texts)['en']): string | null {
  switch (permissions.unsubscribeReason) {
    case 'not-representative':
      return text.onlyRepresentative(representative.name);
    case 'paid-license':
      return license.type === 'free' ? text.notBilled : text.paid;
    case null:
      return null;
  }
}

/** No customer's name is a space: names are trimmed. Asked with it, the service never unsubscribes, whatever changed meanwhile. */
const NOBODY = ' ';

/** Shows whom to write to. Only the service knows, and says so when it refuses to unsubscribe a customer with a paid license. */
function OperatorContact() {
  const text = useText(texts);
  const ask = useMutation(unsubscribeCustomerMutation());
  const contact = ask.error?.['contact'];
  if (typeof contact === 'string') {
    return (
      <Text size="sm" role="status">
        {text.contact} <Anchor href={`mailto:${contact}`}>{contact}</Anchor>
      </Text>
    );
  }
  return (
    <>
      <Group>
        <Button
          size="xs"
          variant="default"
          loading={ask.isPending}
          onClick={() => {
            ask.mutate({ body: { confirmation: NOBODY } });
          }}
        >
          {text.whom}
        </Button>
      </Group>
      {ask.isError && <Failure error={ask.error} />}
    </>
  );
}
