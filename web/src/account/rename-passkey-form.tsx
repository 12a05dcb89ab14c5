import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { renamePasskeyMutation } from '../client/@tanstack/react-query.gen.ts';
import type { Passkey } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { FormActions } from '../ui/form/form-actions.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { useSave } from '../ui/form/use-save.ts';
import { texts } from './texts.ts';
import { usePasskeysChanged } from './use-passkeys-changed.ts';

export interface RenamePasskeyFormProps {
  readonly passkey: Passkey;
  readonly onDone: () => void;
}

export function RenamePasskeyForm({ passkey: { id, name }, onDone }: RenamePasskeyFormProps) {
  const text = useText(texts).passkeys;
  const passkeysChanged = usePasskeysChanged();
  const form = useForm({ initialValues: { name } });
  const rename = useSave(renamePasskeyMutation(), {
    form,
    onSaved: async () => {
      onDone();
      await passkeysChanged();
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        rename.mutate({ path: { id }, body });
      }}
    >
      <TextInput label={text.name} required maxLength={200} data-autofocus {...form.getInputProps('name')} />
      <FormProblem error={rename.error} fields={['name']} />
      <FormActions isSaving={rename.isPending} onCancel={onDone} />
    </Form>
  );
}
