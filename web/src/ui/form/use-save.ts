import { notifications } from '@mantine/notifications';
import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useText, type Texts } from '../../text/language.tsx';
import { useFieldErrors } from './use-field-errors.ts';
import { useTellProblem } from '../use-tell-problem.ts';

const texts = {
  en: { saved: 'Saved', failed: 'This could not be done' },
  ja: { saved: '保存しました', failed: '操作を完了できませんでした' },
} satisfies Texts<object>;

export interface SaveOptions<Data> {
  /** The form whose fields show what is wrong with them. @default - there is none */
  readonly form?: { setErrors(errors: Record<string, string>): void };
  /** What follows once it is saved: reading anew what shows it, closing the dialog. */
  readonly onSaved: (data: Data) => unknown;
  /** What is said then; null: nothing, as what follows says it. @default 'Saved' */
  readonly message?: string | null | undefined;
  /** What is said where the form is gone by then, which would have shown what came of it. @default - the same */
  readonly unseen?: string;
}

/**
 * Saves something: says that it was saved, and puts what is wrong at the fields, which keep what was typed. Where the form is
 * gone by then, as by the browser's Back, what failed is told all the same.
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
      // What the client throws is a problem. An `Error` is the browser's, of a ceremony that was broken off.
      else if (!(error instanceof Error)) tellProblem(text.failed, error);
    },
  });
}
