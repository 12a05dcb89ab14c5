import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import type { Administrator } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { texts } from './texts.ts';

export interface PrivilegeInputProps extends NativeSelectProps {
  /** Why the person cannot choose the privilege. @default - the person can choose the privilege */
  readonly reason?: string | undefined;
  /** A note on the chosen privilege. @default - none */
  readonly note?: string | undefined;
  readonly value?: Administrator['privilege'];
}

/** Lets the person select a privilege, and shows what the selected privilege allows. */
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
