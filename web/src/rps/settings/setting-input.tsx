import { NativeSelect, Switch, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useText } from '../../text/language.tsx';
import { certificationLevels, settingTexts } from './setting-texts.ts';
import type { SettingName, SettingValues } from './setting-values.ts';

export interface SettingInputProps {
  readonly name: SettingName;
  readonly form: UseFormReturnType<SettingValues>;
  /** Whether the input is the first one of its form, which gets the focus. */
  readonly isFirst: boolean;
}

/** Shows the input of a setting, with the explanation of the setting. */
export function SettingInput({ name, form, isFirst }: SettingInputProps) {
  const text = useText(settingTexts);
  const [label, description] = text.settings[name];
  const common = { label, description, ...(isFirst && { 'data-autofocus': true }) };
  const input = form.getInputProps(name);
  switch (name) {
    case 'origins':
    case 'topOrigins':
    case 'allow':
    case 'deny':
      return (
        <Textarea
          {...common}
          {...input}
          description={`${description} ${text.onePerLine}`}
          autosize
          minRows={2}
          maxRows={12}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      );
    case 'timeoutSeconds':
      return <TextInput {...common} {...input} required inputMode="numeric" autoComplete="off" maxLength={4} />;
    case 'requireTrustedAttestation':
    case 'uniqueUserNames':
      return <Switch {...common} {...form.getInputProps(name, { type: 'checkbox' })} />;
    case 'minimumCertification':
      return <NativeSelect {...common} {...input} data={[{ value: '', label: text.any }, ...certificationLevels]} />;
    case 'attestation':
      return <NativeSelect {...common} {...input} data={choicesOf(text.attestations)} />;
    case 'userVerification':
    case 'residentKey':
      return <NativeSelect {...common} {...input} data={choicesOf(text.requirements)} />;
    case 'signCount':
    case 'backupEligibility':
      return <NativeSelect {...common} {...input} data={choicesOf(text.reactions)} />;
  }
}

const choicesOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
