import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { editCustomerMutation } from '../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { FormActions } from '../ui/form-actions.tsx';
import { Form } from '../ui/form.tsx';
import { customerInformation, texts } from './customer-information.ts';
import { EditProblem } from './edit-problem.tsx';
import { useCustomerEdit } from './use-customer.ts';

interface EditCustomerFormProps {
  readonly view: CustomerView;
  readonly onDone: () => void;
}

/** Edits the customer information. */
export default function EditCustomerForm({ view, onDone }: EditCustomerFormProps) {
  const text = useText(texts);
  const { name, address, phoneNumber } = view.customer;
  const form = useForm({ initialValues: { name, address: address ?? '', phoneNumber: phoneNumber ?? '' } });
  const edit = useCustomerEdit(editCustomerMutation(), view, { form, onSaved: onDone });
  return (
    <Form form={form} onSubmit={edit.save}>
      <TextInput label={text.name} required maxLength={200} autoFocus data-autofocus {...form.getInputProps('name')} />
      <Textarea label={text.address} autosize minRows={2} maxLength={500} {...form.getInputProps('address')} />
      <TextInput label={text.phoneNumber} type="tel" maxLength={30} {...form.getInputProps('phoneNumber')} />
      <EditProblem edit={edit} fields={Object.keys(form.values)} present={customerInformation(view, text)} />
      <FormActions isSaving={edit.isSaving} onCancel={onDone} />
    </Form>
  );
}
