import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import type { Administrator } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { texts } from './texts.ts';

export interface PrivilegeInputProps extends NativeSelectProps {
  /** Why the privilege may not be chosen. @default - it may */
  readonly reason?: string | undefined;
  /** What else to say of the chosen one. @default - nothing */
  readonly note?: string | undefined;
  readonly value?: Administrator['privilege'];
}

/** Chooses a privilege, and says what it allows. */
export function PrivilegeInput({ reason, note, value = 'administrator', ...props }: PrivilegeInputProps) {
  const text = useText(texts);
  return (
    <NativeSelect
      {...props}
      label={text.privilege}
      disabled={reason !== undefined}
      description={[reason ?? text.privilegesFor[value], note].filter(Boolean).join(' ')}
      value={value}
      data={Object.entries(text.privileges).map(([privilege, label]) => ({ value: privilege, label }))}
    />
  );
}
