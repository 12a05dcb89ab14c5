import { Stack } from '@mantine/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Reauthentication } from '../session/reauthentication.tsx';
import type { FailureProps } from './page/failure.tsx';
import { FormActions } from './form/form-actions.tsx';
import { FormProblem } from './form/form-problem.tsx';
import { openDialog } from './open-dialog.tsx';
import { useSave, type SaveOptions } from './form/use-save.ts';

interface ConfirmationProps<Data, Problem, Variables> extends Pick<SaveOptions<Data>, 'onSaved' | 'message'> {
  /** What follows from it. */
  readonly consequences: ReactNode;
  /** What the button that does it says. */
  readonly label: string;
  /** @default 'red' */
  readonly color?: string;
  /** What is done when it is confirmed. */
  readonly mutation: UseMutationOptions<Data, Problem, Variables>;
  readonly variables: Variables;
  /** Whether what it was asked for is gone afterwards, with its row: the focus goes to the title of its block then. */
  readonly removes?: boolean;
  /** What to say of a problem, by its slug. @default - what is said everywhere */
  readonly says?: FailureProps['says'];
}

/**
 * Asks whether something is meant. The dialog stays while it is being done, and when it failed, so that
 * it can be tried again: Mantine's own confirm modal closes at the click.
 */
export function confirm<Data, Problem, Variables>(
  title: string,
  { onSaved, removes = false, ...confirmation }: ConfirmationProps<Data, Problem, Variables>,
): void {
  const opener = document.activeElement;
  const heading = opener?.closest('section')?.querySelector('h2');
  openDialog(title, (close) => (
    <Confirmation
      {...confirmation}
      onClose={close}
      onSaved={async (data) => {
        const dialog = document.activeElement?.closest('[role=dialog]');
        close();
        await onSaved(data);
        // Not from where the person has gone meanwhile. It may still be in this dialog, which is about to be gone.
        const { activeElement } = document;
        const isUnmoved = [document.body, opener].includes(activeElement) || dialog?.contains(activeElement);
        if (removes && isUnmoved) heading?.focus();
      }}
    />
  ));
}

function Confirmation<Data, Problem, Variables>({
  consequences,
  label,
  color = 'red',
  mutation,
  variables,
  says,
  onSaved,
  message,
  onClose,
}: Omit<ConfirmationProps<Data, Problem, Variables>, 'removes'> & { readonly onClose: () => void }) {
  const save = useSave(mutation, { onSaved, message });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(variables);
      }}
    >
      <Stack gap="sm">
        {consequences}
        <Reauthentication mutation={save}>
          <FormProblem error={save.error} fields={[]} says={says} />
        </Reauthentication>
        <FormActions isSaving={save.isPending} onCancel={onClose} label={label} color={color} />
      </Stack>
    </form>
  );
}
