import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { editCustomer } from '../../client/sdk.gen.ts';
import type { CustomerView, EditCustomerData } from '../../client/types.gen.ts';
import { useText } from '../../text/language.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { Form } from '../../ui/form/form.tsx';
import { customerInformation, texts } from './customer-information.ts';
import { EditProblem } from '../../ui/form/edit-problem.tsx';
import { useCustomerEdit } from '../editing/use-customer-edit.ts';
import type { Edit } from '../../ui/form/use-versioned-edit.ts';

interface EditCustomerFormProps {
  readonly view: CustomerView;
  readonly onDone: () => void;
}

/** Edits the customer information. */
export default function EditCustomerForm({ view, onDone }: EditCustomerFormProps) {
  const text = useText(texts);
  const form = useForm({ initialValues: valuesOf(view) });
  /**
   * Returns only the fields that the person changed, so that an edit does not overwrite changes that other people saved
   * in other fields.
   */
  const changedIn = (values: typeof form.values) =>
    Object.fromEntries(Object.entries(values).filter(([field]) => form.isDirty(field)));
  const edit = useCustomerEdit({
    save: (changed: Edit<EditCustomerData['body']>) => editCustomer({ ...changed, throwOnError: true }),
    view,
    shows: valuesOf,
    // Fields that the person did not change show the values that another person saved.
    onConflict: (now) => {
      const present = valuesOf(now);
      form.setValues({ ...present, ...changedIn(form.getValues()) });
      form.resetDirty(present);
    },
    form,
    onSaved: onDone,
  });
  return (
    <Form
      form={form}
      onSubmit={(values) => {
        const changed = changedIn(values);
        if (Object.keys(changed).length === 0) onDone();
        else edit.mutate(changed);
      }}
    >
      <TextInput label={text.name} required maxLength={200} autoFocus data-autofocus {...form.getInputProps('name')} />
      <Textarea label={text.address} autosize minRows={2} maxLength={500} {...form.getInputProps('address')} />
      <TextInput label={text.phoneNumber} type="tel" maxLength={30} {...form.getInputProps('phoneNumber')} />
      <EditProblem edit={edit} fields={Object.keys(form.values)} present={customerInformation(view, text)} />
      <FormActions isSaving={edit.isPending} onCancel={onDone} />
    </Form>
  );
}

function valuesOf({ customer: { name, address, phoneNumber } }: CustomerView) {
  return { name, address: address ?? '', phoneNumber: phoneNumber ?? '' };
}
