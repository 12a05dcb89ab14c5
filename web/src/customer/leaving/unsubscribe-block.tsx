import { Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useRef } from 'react';
import type { CustomerView } from '../../client/types.gen.ts';
import { OperatorContact } from '../../plans/operator-contact.tsx';
import { usePlans } from '../../plans/use-plans.ts';
import { useSession } from '../../session/use-session.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { Loading } from '../../ui/page/loading.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { useCustomer } from '../use-customer.ts';
import { useUnsubscriptionChanged } from './use-unsubscription-changed.ts';

const UnsubscribeDialog = loadedLater(() => import('./unsubscribe-dialog.tsx'));

const texts = {
  en: {
    title: 'Unsubscribe',
    explanation: 'Ends your use of the service and deletes everything that is registered.',
    pending: (when: string) =>
      `The representative has unsubscribed. Everything works until ${when}. Then your use of the service ends, and everything that is registered is deleted.`,
    unsubscribe: 'Unsubscribe',
    dialogTitle: 'Unsubscribe from the service',
    onlyRepresentative: (name: string) => `Only the representative can unsubscribe: ${name}.`,
    paid: 'To cancel a paid plan, contact us.',
    notBilled: (when: string) =>
      `Your last month with a paid license must be billed first. The earliest time to unsubscribe is ${when}.`,
  },
  ja: {
    title: '解約',
    explanation: 'サービスの利用を終了し、登録情報をすべて破棄します。',
    pending: (when: string) =>
      `担当者が解約の手続きを行いました。${when} まではこれまでどおり利用できます。その後、サービスの利用が終了し、登録情報がすべて破棄されます。`,
    unsubscribe: '解約',
    dialogTitle: 'サービスの解約',
    onlyRepresentative: (name: string) => `解約できるのは担当者（${name} さん）のみです。`,
    paid: '有料プランを解約するには、サービスの運営者にご連絡ください。',
    notBilled: (when: string) => `先に、有料ライセンスの最後の月の請求が行われます。${when} 以降に解約できます。`,
  },
} satisfies Texts<object>;

/**
 * Lets the representative unsubscribe a customer with a Free license. Tells all other people that only the
 * representative can unsubscribe.
 */
export function UnsubscribeBlock() {
  const text = useText(texts);
  const query = useCustomer();
  // If a paid license prevents unsubscribing, loads the operator's e-mail address in parallel with the data of the
  // customer.
  usePlans({ enabled: useSession().data?.permissions.unsubscribeReason === 'paid-license' });
  const format = useFormat();
  const [isOpened, { open, close }] = useDisclosure();
  const content = useRef<HTMLDivElement>(null);
  const unsubscriptionChanged = useUnsubscriptionChanged();
  const onGracePeriod = async () => {
    close();
    await unsubscriptionChanged();
    // The button that opened the dialog has disappeared.
    content.current?.closest('section')?.querySelector('h2')?.focus();
  };
  const reasonOf = ({ permissions, month, representative }: CustomerView) => {
    switch (permissions.unsubscribeReason) {
      case 'not-representative':
        return text.onlyRepresentative(representative.name);
      case 'paid-license':
        return permissions.unsubscribeFrom === undefined
          ? text.paid
          : text.notBilled(format.dateTime(permissions.unsubscribeFrom, month.timeZone));
      case null:
        return null;
    }
  };
  return (
    <Block title={text.title} query={query}>
      {(view) => (
        <Stack gap="sm" align="start" ref={content}>
          {view.unsubscription ? (
            <Text size="sm">{text.pending(format.dateTime(view.unsubscription.effectiveAt, view.month.timeZone))}</Text>
          ) : (
            <>
              <Text size="sm">{text.explanation}</Text>
              <ReasonedButton variant="outline" color="red" reason={reasonOf(view)} onClick={open}>
                {text.unsubscribe}
              </ReasonedButton>
            </>
          )}
          {!view.unsubscription && !view.permissions.unsubscribe && (
            <Text size="sm" c="dimmed">
              {reasonOf(view)}
            </Text>
          )}
          {!view.unsubscription && view.permissions.unsubscribeReason === 'paid-license' && <OperatorContact />}
          <Dialog opened={isOpened} onClose={close} title={text.dialogTitle} size="lg">
            <Suspense fallback={<Loading />}>
              <UnsubscribeDialog onGracePeriod={onGracePeriod} onCancel={close} />
            </Suspense>
          </Dialog>
        </Stack>
      )}
    </Block>
  );
}
