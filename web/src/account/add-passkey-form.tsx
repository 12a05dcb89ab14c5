import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { CeremonyProblem } from '../session/ceremony-problem.tsx';
import { createPasskey } from '../session/passkeys.ts';
import { Reauthentication } from '../session/reauthentication.tsx';
import { useText } from '../text/language.tsx';
import { FormActions } from '../ui/form/form-actions.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { useSave } from '../ui/form/use-save.ts';
import { texts } from './texts.ts';
import { usePasskeysChanged } from './use-passkeys-changed.ts';

export function AddPasskeyForm({ onDone }: { readonly onDone: () => void }) {
  const text = useText(texts).passkeys;
  const passkeysChanged = usePasskeysChanged();
  const form = useForm({ initialValues: { name: '' } });
  const add = useSave(
    { mutationFn: createPasskey },
    {
      form,
      message: text.added,
      onSaved: async () => {
        onDone();
        await passkeysChanged();
      },
    },
  );
  return (
    <Form
      form={form}
      onSubmit={({ name }) => {
        add.mutate(name);
      }}
    >
      <Text size="sm">{text.addExplanation}</Text>
      <TextInput
        label={text.name}
        description={text.nameFor}
        required
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Reauthentication mutation={add}>
        <CeremonyProblem error={add.error}>
          <FormProblem error={add.error} fields={['name']} says={{ validation: text.refused }} />
        </CeremonyProblem>
      </Reauthentication>
      <FormActions isSaving={add.isPending} onCancel={onDone} label={text.register} />
    </Form>
  );
}
