import { Alert, Stack, Text } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { Facts } from '../facts.tsx';
import { FormProblem, type FormProblemProps } from './form-problem.tsx';

const texts = {
  en: {
    title: 'Someone else changed this at the same time',
    kept: 'Nothing was saved, but your input is kept. If you save again, your changes replace the current values:',
  },
  ja: {
    title: '別の管理者が同時に変更しました',
    kept: 'まだ保存されていません。入力内容は残っています。もう一度保存すると、変更した項目で現在の値が置き換えられます。',
  },
} satisfies Texts<object>;

export interface EditProblemProps extends Pick<FormProblemProps, 'says'> {
  readonly edit: { readonly error: unknown; readonly isConflict: boolean };
  /** The paths of the form's fields. */
  readonly fields: readonly string[];
  /** The values that are now saved in the service, with the labels of the form. */
  readonly present: Parameters<typeof Facts>[0]['facts'];
}

/**
 * Shows why an edit was not saved. If the edit conflicts with another person's edit, the component also
 * shows the values that are now saved.
 */
export function EditProblem({ edit: { error, isConflict }, fields, present, says }: EditProblemProps) {
  const text = useText(texts);
  if (!isConflict) return <FormProblem error={error} fields={fields} says={says} />;
  return (
    <Alert color="yellow" role="alert" title={text.title}>
      <Stack gap="xs">
        <Text size="sm">{text.kept}</Text>
        <Facts facts={present} />
      </Stack>
    </Alert>
  );
}
