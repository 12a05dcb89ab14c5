import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { listCredentialsOfRpOptions } from '../../client/@tanstack/react-query.gen.ts';
import { editCredentialOfRp } from '../../client/sdk.gen.ts';
import type { Credential } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { EditProblem, type EditProblemProps } from '../../ui/form/edit-problem.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { Form } from '../../ui/form/form.tsx';
import { useVersionedEdit } from '../../ui/form/use-versioned-edit.ts';

const texts = {
  en: { name: 'Name', nameFor: 'Distinguishes the user’s credentials. Passkeys on devices keep their names.' },
  ja: {
    name: '名前',
    nameFor: 'ユーザーのクレデンシャルを区別する名前です。デバイス上のパスキーの名前は変わりません。',
  },
} satisfies Texts<object>;

export interface RenameCredentialFormProps extends Pick<EditProblemProps, 'says'> {
  readonly path: { readonly id: string; readonly userId: string; readonly credentialId: string };
  readonly credential: Credential;
  readonly onDone: () => void;
  readonly onSaved: (saved: Credential) => Promise<unknown>;
}

export function RenameCredentialForm({ path, credential, says, onDone, onSaved }: RenameCredentialFormProps) {
  const text = useText(texts);
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name: credential.name } });
  const rename = useVersionedEdit<Credential, { name: string }>({
    save: (edit) => editCredentialOfRp({ ...edit, path, throwOnError: true }),
    view: credential,
    versionOf: ({ version }) => version,
    read: async () => {
      const list = listCredentialsOfRpOptions({ path: { id: path.id, userId: path.userId } });
      const { items } = await queryClient.query({ ...list, staleTime: 0 });
      // If the credential was removed, the service refuses the next try.
      return items.find(({ id }) => id === credential.id) ?? credential;
    },
    shows: ({ name }) => name,
    form,
    onSaved: async (saved) => {
      onDone();
      await onSaved(saved);
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        rename.mutate(body);
      }}
    >
      <TextInput
        label={text.name}
        description={text.nameFor}
        required
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <EditProblem edit={rename} fields={['name']} present={[[text.name, rename.seen.name]]} says={says} />
      <FormActions isSaving={rename.isPending} onCancel={onDone} />
    </Form>
  );
}
