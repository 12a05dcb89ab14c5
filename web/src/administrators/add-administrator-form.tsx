import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { addAdministratorMutation } from '../client/@tanstack/react-query.gen.ts';
import type { Administrator } from '../client/types.gen.ts';
import { Reauthentication } from '../session/reauthentication.tsx';
import { useText } from '../text/language.tsx';
import { FormActions } from '../ui/form/form-actions.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { useSave } from '../ui/form/use-save.ts';
import { PrivilegeInput } from './privilege-input.tsx';
import { texts } from './texts.ts';
import { useAdministratorsChanged } from './use-administrators-changed.ts';

export function AddAdministratorForm({ onDone }: { readonly onDone: () => void }) {
  const text = useText(texts);
  const administratorsChanged = useAdministratorsChanged();
  const form = useForm<Pick<Administrator, 'name' | 'email' | 'privilege'>>({
    initialValues: { name: '', email: '', privilege: 'administrator' },
  });
  const add = useSave(addAdministratorMutation(), {
    form,
    message: text.invited,
    onSaved: async () => {
      onDone();
      await administratorsChanged();
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        add.mutate({ body });
      }}
    >
      <TextInput
        label={text.name}
        required
        maxLength={200}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <TextInput
        label={text.email}
        type="email"
        required
        maxLength={254}
        autoComplete="off"
        {...form.getInputProps('email')}
      />
      <PrivilegeInput {...form.getInputProps('privilege')} />
      <Text size="sm">{text.invitation}</Text>
      <Reauthentication mutation={add}>
        <FormProblem error={add.error} fields={Object.keys(form.values)} />
      </Reauthentication>
      <FormActions isSaving={add.isPending} onCancel={onDone} label={text.invite} />
    </Form>
  );
}
