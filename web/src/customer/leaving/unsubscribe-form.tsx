import { Code, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isSameName } from '../../../../functions/contract/values/texts.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { CeremonyProblem } from '../../session/ceremony-problem.tsx';
import { Reauthentication } from '../../session/reauthentication.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { FormProblem } from '../../ui/form/form-problem.tsx';
import { Form } from '../../ui/form/form.tsx';
import { useUnsubscribe } from './use-unsubscribe.ts';

const texts = {
  en: {
    typeName: 'To confirm, type the customer name exactly as shown here:',
    mismatch: 'This is not the customer name',
    withPasskey: 'Next, confirm with your passkey.',
    refused: 'The passkey was not accepted. Try again.',
    unsubscribe: 'Unsubscribe',
  },
  ja: {
    typeName: '確認のため、カスタマーの名称を次のとおり正確に入力してください：',
    mismatch: 'カスタマーの名称と一致しません',
    withPasskey: '次に、パスキーで確認します。',
    refused: 'パスキーを確認できませんでした。もう一度お試しください。',
    unsubscribe: '解約する',
  },
} satisfies Texts<object>;

export interface UnsubscribeFormProps {
  readonly view: CustomerView;
  /**
   * Whether the representative confirms with a passkey. Otherwise, the representative must have opened a link in the
   * last 5 minutes.
   */
  readonly usesPasskey: boolean;
  /** Called when the grace period has begun. */
  readonly onGracePeriod: () => unknown;
  readonly onCancel: () => void;
}

/** Asks for the customer name, then for the passkey if there is one, and unsubscribes the customer. */
export function UnsubscribeForm(props: UnsubscribeFormProps) {
  const { view, usesPasskey, onGracePeriod, onCancel } = props;
  const { customer, representative } = view;
  const text = useText(texts);
  const form = useForm({
    initialValues: { confirmation: '' },
    validate: { confirmation: (typed) => (isSameName(typed, customer.name) ? null : text.mismatch) },
  });
  const unsubscribe = useUnsubscribe({ form, representative, usesPasskey, onGracePeriod });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        unsubscribe.mutate(body);
      }}
    >
      <TextInput
        label={text.typeName}
        // Shows every space of the name, because a name can have several spaces in a row.
        description={<Code style={{ whiteSpace: 'pre-wrap' }}>{customer.name}</Code>}
        required
        autoComplete="off"
        {...form.getInputProps('confirmation')}
      />
      {usesPasskey && <Text size="sm">{text.withPasskey}</Text>}
      <Reauthentication mutation={unsubscribe}>
        <CeremonyProblem error={unsubscribe.error}>
          <FormProblem error={unsubscribe.error} fields={['confirmation']} says={{ unauthenticated: text.refused }} />
        </CeremonyProblem>
      </Reauthentication>
      <FormActions isSaving={unsubscribe.isPending} onCancel={onCancel} label={text.unsubscribe} color="red" />
    </Form>
  );
}
