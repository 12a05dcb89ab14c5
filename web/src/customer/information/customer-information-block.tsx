import { useText, type Texts } from '../../text/language.tsx';
import { Facts } from '../../ui/facts.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { customerInformation, texts as informationTexts } from './customer-information.ts';
import { EditableBlock } from '../editing/editable-block.tsx';

const EditCustomerForm = loadedLater(() => import('./edit-customer-form.tsx'));

const texts = {
  en: {
    title: 'Customer information',
    edit: 'Edit',
    editTitle: 'Edit the customer information',
    onlyPrivileged: 'Only privileged administrators can edit this.',
    id: 'Customer ID',
  },
  ja: {
    title: 'カスタマー情報',
    edit: '編集',
    editTitle: 'カスタマー情報の編集',
    onlyPrivileged: '編集できるのは特権管理者のみです。',
    id: 'カスタマーID',
  },
} satisfies Texts<object>;

/** Shows the customer's ID, name, address and phone number. */
export function CustomerInformationBlock() {
  const text = useText(texts);
  const informationText = useText(informationTexts);
  return (
    <EditableBlock
      title={text.title}
      edit={text.edit}
      permission="editCustomer"
      reason={text.onlyPrivileged}
      dialogTitle={text.editTitle}
      dialog={EditCustomerForm}
    >
      {(view) => (
        <Facts
          facts={[[text.id, <code key="id">{view.customer.id}</code>], ...customerInformation(view, informationText)]}
        />
      )}
    </EditableBlock>
  );
}
