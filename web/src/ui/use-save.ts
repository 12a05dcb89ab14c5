import { notifications } from '@mantine/notifications';
import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useText, type Texts } from '../text/language.tsx';
import { useFieldErrors } from './use-field-errors.ts';

const texts = { en: { saved: 'Saved' }, ja: { saved: '保存しました' } } satisfies Texts<object>;

export interface SaveOptions<Data> {
  /** The form whose fields show what is wrong with them. @default - there is none */
  readonly form?: { setErrors(errors: Record<string, string>): void };
  /** What follows once it is saved: reading anew what shows it, closing the dialog. */
  readonly onSaved: (data: Data) => unknown;
  /** What is said then; null: nothing, as what follows says it. @default 'Saved' */
  readonly message?: string | null | undefined;
}

/** Saves something: says that it was saved, and puts what is wrong at the fields, which keep what was typed. */
export function useSave<Data, Problem, Variables>(
  mutation: UseMutationOptions<Data, Problem, Variables>,
  { form, onSaved, message }: SaveOptions<Data>,
) {
  const text = useText(texts);
  const fieldErrorsOf = useFieldErrors();
  return useMutation<Data, Problem, Variables>({
    ...mutation,
    onSuccess: async (data) => {
      await onSaved(data);
      if (message !== null) notifications.show({ message: message ?? text.saved });
    },
    onError: (error) => {
      form?.setErrors(fieldErrorsOf(error));
    },
  });
}
