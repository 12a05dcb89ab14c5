import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { editCustomerMutation } from '../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { Block } from '../ui/block.tsx';
import { Facts } from '../ui/facts.tsx';
import { FormActions } from '../ui/form-actions.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { EditProblem } from './edit-problem.tsx';
import { useCustomer, useCustomerEdit } from './use-customer.ts';

const texts = {
  en: {
    title: 'Customer information',
    edit: 'Edit',
    editTitle: 'Edit the customer information',
    onlyPrivileged: 'Only privileged administrators may edit this.',
    id: 'Customer ID',
    name: 'Name',
    address: 'Address',
    phoneNumber: 'Phone number',
  },
  ja: {
    title: '基本情報',
    edit: '編集',
    editTitle: '基本情報の編集',
    onlyPrivileged: '編集できるのは特権管理者のみです。',
    id: 'お客様ID',
    name: '名称',
    address: '住所',
    phoneNumber: '電話番号',
  },
} satisfies Texts<object>;

export function CustomerInformationBlock() {
  const text = useText(texts);
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
          <Facts facts={[[text.id, <code key="id">{view.customer.id}</code>], ...factsOf(view, text)]} />
          <Modal opened={isEditing} onClose={close} title={text.editTitle}>
            <EditForm view={view} onDone={close} />
          </Modal>
        </>
      )}
    </Block>
  );
}

function EditForm({ view, onDone }: { readonly view: CustomerView; readonly onDone: () => void }) {
  const text = useText(texts);
  const { name, address, phoneNumber } = view.customer;
  const form = useForm({ initialValues: { name, address: address ?? '', phoneNumber: phoneNumber ?? '' } });
  const edit = useCustomerEdit(editCustomerMutation(), view, { form, onSaved: onDone });
  return (
    <form onSubmit={form.onSubmit(edit.save)}>
      <Stack gap="sm">
        <TextInput label={text.name} required maxLength={200} data-autofocus {...form.getInputProps('name')} />
        <Textarea label={text.address} autosize maxLength={500} {...form.getInputProps('address')} />
        <TextInput label={text.phoneNumber} type="tel" maxLength={30} {...form.getInputProps('phoneNumber')} />
        <EditProblem edit={edit} fields={Object.keys(form.values)} present={factsOf(view, text)} />
        <FormActions isSaving={edit.isSaving} onCancel={onDone} />
      </Stack>
    </form>
  );
}

function factsOf({ customer }: CustomerView, text: (typeof texts)['en']) {
  return [
    [text.name, customer.name],
    [text.address, customer.address],
    [text.phoneNumber, customer.phoneNumber],
  ] as const;
}
