import { Group } from '@mantine/core';
import { ReasonedButton } from '../reasoned-button.tsx';
import { useActionName } from '../use-action-name.ts';

export interface RowActionsProps {
  /** The name of the object in the row. A screen reader reads this name together with the label of each action. */
  readonly of: string;
  readonly actions: readonly {
    readonly label: string;
    /** Why the action is disabled. @default null - the action is enabled */
    readonly reason?: string | null;
    readonly onClick: () => void;
  }[];
}

/** Shows the buttons at the end of a table row. */
export function RowActions({ of: name, actions }: RowActionsProps) {
  const nameOf = useActionName();
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {actions.map(({ label, reason = null, onClick }) => (
        <ReasonedButton
          key={label}
          size="xs"
          variant="default"
          aria-label={nameOf(label, name)}
          reason={reason}
          onClick={onClick}
        >
          {label}
        </ReasonedButton>
      ))}
    </Group>
  );
}
