import { Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, type ReactNode } from 'react';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: { missing: 'Must not be empty' },
  ja: { missing: '入力してください' },
} satisfies Texts<object>;

export interface FormProps<Values> {
  readonly form: UseFormReturnType<Values>;
  /** Called once nothing is missing, and what the form itself validates holds. */
  readonly onSubmit: (values: Values) => void;
  /** What the form is called. @default - nothing */
  readonly label?: string;
  /** @default - as wide as there is room */
  readonly maxWidth?: number;
  readonly children: ReactNode;
}

/**
 * A form that says at its fields what is missing, in the console's language: the browser's own bubbles speak the browser's, and
 * go by themselves. What else is wrong the service says. The focus goes to the first field that is wrong, whoever said it.
 */
export function Form<Values extends object>({ form, onSubmit, label, maxWidth, children }: FormProps<Values>) {
  const text = useText(texts);
  const wrongBefore = useRef(0);
  const wrong = Object.keys(form.errors).length;
  useEffect(() => {
    // Not while fields are mended one by one: what is typed somewhere stays there.
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

/** Gives the focus to the first field that is wrong, of a group to the first of the group. */
function focusFirstOf<Values>({ errors, getInputNode }: UseFormReturnType<Values>): void {
  const [path = ''] = Object.keys(errors);
  const node = getInputNode(path);
  const field = node?.matches('input, textarea, select') ? node : node?.querySelector<HTMLElement>('input');
  field?.focus();
}

/** Gives the paths of the required fields in which nothing stands but space, which the service takes for nothing. */
function pathsMissing(form: HTMLFormElement): string[] {
  const fields = [...form.elements].filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement,
  );
  return fields.flatMap(({ required, value, dataset: { path } }) =>
    required && value.trim() === '' && path !== undefined ? [path] : [],
  );
}
