import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense } from 'react';
import { useText, type Texts } from '../text/language.tsx';
import { Block } from '../ui/block.tsx';
import { Facts } from '../ui/facts.tsx';
import { loadedLater } from '../ui/loaded-later.ts';
import { Loading } from '../ui/loading.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { customerInformation, texts as informationTexts } from './customer-information.ts';
import { useCustomer } from './use-customer.ts';

const EditCustomerForm = loadedLater(() => import('./edit-customer-form.tsx'));

const texts = {
  en: {
    title: 'Customer information',
    edit: 'Edit',
    editTitle: 'Edit the customer information',
    onlyPrivileged: 'Only privileged administrators may edit this.',
    id: 'Customer ID',
  },
  ja: {
    title: '基本情報',
    edit: '編集',
    editTitle: '基本情報の編集',
    onlyPrivileged: '編集できるのは特権管理者のみです。',
    id: 'お客様ID',
  },
} satisfies Texts<object>;

/** Who the customer is. */
export function CustomerInformationBlock() {
  const text = useText(texts);
  const informationText = useText(informationTexts);
  const query = useCustomer();
  const [isEditing, { open, close }] = useDisclosure();
  return (
    <Block
      title={text.title}
      query={query}
      action={({ permissions }) => (
        <ReasonedButton
          size="xs"
          variant="default"
          reason={permissions.editCustomer ? null : text.onlyPrivileged}
          onClick={open}
        >
          {text.edit}
        </ReasonedButton>
      )}
    >
      {(view) => (
        <>
          <Facts
            facts={[[text.id, <code key="id">{view.customer.id}</code>], ...customerInformation(view, informationText)]}
          />
          <Modal opened={isEditing} onClose={close} title={text.editTitle}>
            <Suspense fallback={<Loading />}>
              <EditCustomerForm view={view} onDone={close} />
            </Suspense>
          </Modal>
        </>
      )}
    </Block>
  );
}
