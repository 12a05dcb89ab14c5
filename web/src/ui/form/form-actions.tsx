import { Button, Group } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { ActionButton } from '../action-button.tsx';

const texts = {
  en: { cancel: 'Cancel', save: 'Save' },
  ja: { cancel: 'キャンセル', save: '保存' },
} satisfies Texts<object>;

export interface FormActionsProps {
  readonly isSaving: boolean;
  readonly onCancel: () => void;
  /** The label of the button that closes the form without saving. @default 'Cancel' */
  readonly cancelLabel?: string;
  /** The label of the button that saves. @default 'Save' */
  readonly label?: string;
  /** @default 'blue' */
  readonly color?: string;
}

/** Shows the buttons at the end of a dialog's form. */
export function FormActions({ isSaving, onCancel, cancelLabel, label, color = 'blue' }: FormActionsProps) {
  const text = useText(texts);
  return (
    <Group justify="flex-end">
      {/* When a dialog without input fields opens, this button gets the focus instead of the close button or the button
          that runs the action. */}
      <Button variant="default" data-autofocus disabled={isSaving} onClick={onCancel}>
        {cancelLabel ?? text.cancel}
      </Button>
      <ActionButton type="submit" color={color} loading={isSaving}>
        {label ?? text.save}
      </ActionButton>
    </Group>
  );
}
