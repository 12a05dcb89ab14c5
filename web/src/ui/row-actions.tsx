import { Group } from '@mantine/core';
import { useText, type Texts } from '../text/language.tsx';
import { ReasonedButton } from './reasoned-button.tsx';

const texts = {
  en: { of: (action: string, name: string) => `${action}: ${name}` },
  ja: { of: (action: string, name: string) => `${action}：${name}` },
} satisfies Texts<object>;

export interface RowActionsProps {
  /** The name of what the row is of: a screen reader says it with each action. */
  readonly of: string;
  readonly actions: readonly {
    readonly label: string;
    /** Why it may not be done. @default null: it may */
    readonly reason?: string | null;
    readonly onClick: () => void;
  }[];
}

/** The buttons at the end of a table's row. */
export function RowActions({ of: name, actions }: RowActionsProps) {
  const text = useText(texts);
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {actions.map(({ label, reason = null, onClick }) => (
        <ReasonedButton
          key={label}
          size="xs"
          variant="default"
          aria-label={text.of(label, name)}
          reason={reason}
          onClick={onClick}
        >
          {label}
        </ReasonedButton>
      ))}
    </Group>
  );
}
