import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { editAdministratorMutation } from '../client/@tanstack/react-query.gen.ts';
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

export interface EditAdministratorFormProps {
  readonly administrator: Administrator;
  readonly isMe: boolean;
  readonly onDone: () => void;
}

export function EditAdministratorForm({ administrator, isMe, onDone }: EditAdministratorFormProps) {
  const text = useText(texts);
  const administratorsChanged = useAdministratorsChanged();
  const { id, name, privilege, representative } = administrator;
  const form = useForm<Pick<Administrator, 'name' | 'privilege'>>({ initialValues: { name, privilege } });
  const edit = useSave(editAdministratorMutation(), {
    form,
    onSaved: async () => {
      onDone();
      await administratorsChanged();
    },
  });
  const ownReason = isMe ? text.ownPrivilege : undefined;
  return (
    <Form
      form={form}
      onSubmit={(values) => {
        // Sends only the fields that the person changed, so that the request does not overwrite changes that other
        // people saved in other fields.
        const body = {
          ...(form.isDirty('name') && { name: values.name }),
          ...(form.isDirty('privilege') && { privilege: values.privilege }),
        };
        if (Object.keys(body).length === 0) onDone();
        else edit.mutate({ path: { id }, body });
      }}
    >
      <TextInput label={text.name} required maxLength={200} data-autofocus {...form.getInputProps('name')} />
      <PrivilegeInput
        {...form.getInputProps('privilege')}
        reason={representative ? text.representativePrivilege : ownReason}
        note={privilege === 'privileged' && form.values.privilege === 'administrator' ? text.lowered : undefined}
      />
      <Reauthentication mutation={edit}>
        <FormProblem error={edit.error} fields={Object.keys(form.values)} />
      </Reauthentication>
      <FormActions isSaving={edit.isPending} onCancel={onDone} />
    </Form>
  );
}
