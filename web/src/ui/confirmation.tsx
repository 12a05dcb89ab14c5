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
  /** Describes the consequences of the action. */
  readonly consequences: ReactNode;
  /** The label of the button that confirms. */
  readonly label: string;
  /** @default 'red' */
  readonly color?: string;
  /** The action that runs when the person confirms. */
  readonly mutation: UseMutationOptions<Data, Problem, Variables>;
  readonly variables: Variables;
  /**
   * Whether the action removes the table row that contains the button for the action. If so, the focus moves to the
   * title of the block that contains the table.
   */
  readonly removes?: boolean;
  /**
   * Texts that replace the general texts of problems in this dialog, keyed by the slug of the problem.
   * @default - the general texts
   */
  readonly says?: FailureProps['says'];
}

/**
 * Asks the person to confirm an action. The dialog stays open while the action runs, and after a failure, so that the
 * person can try again. Mantine's own confirmation dialog would close as soon as the person clicks the button.
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
        // Leaves the focus unchanged if the person moved the focus to another element of the page while the action ran.
        // A focus inside this dialog cannot stay, because the dialog closes.
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
