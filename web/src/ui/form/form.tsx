import { Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, type ReactNode } from 'react';
import { isBlank } from '../../../../functions/contract/values/texts.ts';
import { useUnsavedInput } from '../../api/unsaved-input.ts';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: { missing: 'Must not be empty' },
  ja: { missing: '入力してください' },
} satisfies Texts<object>;

export interface FormProps<Values> {
  readonly form: UseFormReturnType<Values>;
  /** Called when the person submits the form, if no required field is empty and the form's own validation passes. */
  readonly onSubmit: (values: Values) => void;
  /** The accessible name of the form. @default - none */
  readonly label?: string;
  /** The maximum width in pixels. @default - the available width */
  readonly maxWidth?: number;
  readonly children: ReactNode;
}

/**
 * Shows a form that marks empty required fields in the console's language. The browser's own messages would use the
 * browser's language, and would disappear by themselves. The console itself checks for empty required fields and runs
 * the form's own validation; the service makes every other check. The first field with an error gets the focus.
 */
export function Form<Values extends object>({ form, onSubmit, label, maxWidth, children }: FormProps<Values>) {
  const text = useText(texts);
  useUnsavedInput(form.isDirty());
  const wrongBefore = useRef(0);
  const wrong = Object.keys(form.errors).length;
  useEffect(() => {
    // Moves the focus only if the number of wrong fields has grown, so that the focus does not move while the person
    // corrects one field after another.
    if (wrong > wrongBefore.current) focusFirstOf(form);
    wrongBefore.current = wrong;
  });
  return (
    <form
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        wrongBefore.current = 0;
        const missing = Object.fromEntries(pathsMissing(event.currentTarget).map((path) => [path, text.missing]));
        const refuse = (errors: object) => {
          form.setErrors({ ...missing, ...errors });
        };
        form.onSubmit((values) => {
          if (Object.keys(missing).length > 0) refuse({});
          else onSubmit(values);
        }, refuse)(event);
      }}
    >
      <Stack gap="sm" maw={maxWidth}>
        {children}
      </Stack>
    </form>
  );
}

/**
 * Moves the focus to the first field with an error. If this field is a group of inputs, the first input of the group
 * gets the focus.
 */
function focusFirstOf<Values>({ errors, getInputNode }: UseFormReturnType<Values>): void {
  const [path = ''] = Object.keys(errors);
  const node = getInputNode(path);
  const field = node?.matches('input, textarea, select') ? node : node?.querySelector<HTMLElement>('input');
  field?.focus();
}

/**
 * Returns the paths of required fields that are empty. Like the service, treats a field without a visible character as
 * empty.
 */
function pathsMissing(form: HTMLFormElement): string[] {
  const fields = [...form.elements].filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement,
  );
  return fields.flatMap(({ required, value, dataset: { path } }) =>
    required && isBlank(value) && path !== undefined ? [path] : [],
  );
}
