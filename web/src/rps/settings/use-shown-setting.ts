import { useText } from '../../text/language.tsx';
import { certificationLevels, settingTexts } from './setting-texts.ts';
import type { SettingName, SettingValues } from './setting-values.ts';

/** Returns a function that returns the value of a setting in the words of the current language. */
export function useShownSetting(): (name: SettingName, values: SettingValues) => string {
  const text = useText(settingTexts);
  const shown: { readonly [Name in SettingName]: (value: SettingValues[Name]) => string } = {
    origins: (list) => list,
    topOrigins: (list) => list || text.none,
    userVerification: (value) => text.requirements[value],
    residentKey: (value) => text.requirements[value],
    timeoutSeconds: text.seconds,
    signCount: (value) => text.reactions[value],
    backupEligibility: (value) => text.reactions[value],
    attestation: (value) => text.attestations[value],
    requireTrustedAttestation: (isOn) => text.switches[isOn ? 'on' : 'off'],
    minimumCertification: (level) => certificationLevels.find(({ value }) => value === level)?.label ?? text.any,
    allow: (list) => list || text.all,
    deny: (list) => list || text.none,
    uniqueUserNames: (isOn) => text.switches[isOn ? 'on' : 'off'],
  };
  return (name, values) => (shown[name] as (value: unknown) => string)(values[name]);
}
