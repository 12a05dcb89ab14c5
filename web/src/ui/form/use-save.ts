import { notifications } from '@mantine/notifications';
import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useText, type Texts } from '../../text/language.tsx';
import { useFieldErrors } from './use-field-errors.ts';
import { useTellProblem } from '../use-tell-problem.ts';

const texts = {
  en: { saved: 'Saved', failed: 'The action failed' },
  ja: { saved: '保存しました', failed: '操作を完了できませんでした' },
} satisfies Texts<object>;

export interface SaveOptions<Data> {
  /** The form whose fields show the errors in the response. @default - none */
  readonly form?: { setErrors(errors: Record<string, string>): void };
  /** Called after the data is saved, for example to close the dialog and read data again. */
  readonly onSaved: (data: Data) => unknown;
  /** The notification that is shown after the data is saved, or null for no notification. @default 'Saved' */
  readonly message?: string | null | undefined;
  /** The notification that is shown if the form disappears before the form can show the result. @default - `message` */
  readonly unseen?: string;
}

/**
 * Runs a mutation that saves data, and shows a notification. After a failure, the fields show their errors and keep
 * their input. If the form has disappeared, for example because the person went back to another page, a notification
 * shows the failure.
 */
export function useSave<Data, Problem, Variables>(
  mutation: UseMutationOptions<Data, Problem, Variables>,
  { form, onSaved, message, unseen }: SaveOptions<Data>,
) {
  const text = useText(texts);
  const fieldErrorsOf = useFieldErrors();
  const tellProblem = useTellProblem();
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return useMutation<Data, Problem, Variables>({
    ...mutation,
    onSuccess: async (data) => {
      const isUnseen = unseen !== undefined && !isThere.current;
      await onSaved(data);
      if (isUnseen) notifications.show({ color: 'red', message: unseen, autoClose: false });
      else if (message !== null) notifications.show({ message: message ?? text.saved });
    },
    onError: (error) => {
      if (isThere.current) form?.setErrors(fieldErrorsOf(error));
      // The API client throws problems, which are not instances of `Error`. The browser throws an `Error` if a WebAuthn
      // ceremony is cancelled. A cancelled ceremony needs no notification.
      else if (!(error instanceof Error)) tellProblem(text.failed, error);
    },
  });
}
