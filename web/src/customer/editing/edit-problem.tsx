import { Alert, Stack, Text } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormProblem } from '../../ui/form/form-problem.tsx';
import type { useCustomerEdit } from './use-customer-edit.ts';

const texts = {
  en: {
    title: 'Someone else changed this meanwhile',
    kept: 'Nothing was saved, and what you typed is kept. If you save again, what you changed replaces what is there now:',
  },
  ja: {
    title: '他のユーザーが先に変更しました',
    kept: '何も保存されていません。入力内容は残っています。もう一度保存すると、現在の内容のうち、変更した項目が置き換えられます。',
  },
} satisfies Texts<object>;

export interface EditProblemProps {
  readonly edit: Pick<ReturnType<typeof useCustomerEdit>, 'error' | 'isConflict'>;
  /** The paths of the form's fields. */
  readonly fields: readonly string[];
  /** What is there now, in the words of the form. */
  readonly present: Parameters<typeof Facts>[0]['facts'];
}

/** Says why an edit of the customer was not saved; after a conflict, what is there now. */
export function EditProblem({ edit: { error, isConflict }, fields, present }: EditProblemProps) {
  const text = useText(texts);
  if (!isConflict) return <FormProblem error={error} fields={fields} />;
  return (
    <Alert color="yellow" role="alert" title={text.title}>
      <Stack gap="xs">
        <Text size="sm">{text.kept}</Text>
        <Facts facts={present} />
      </Stack>
    </Alert>
  );
}
