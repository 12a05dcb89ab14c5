import type { RpDetails } from '../../client/types.gen.ts';
import { useText } from '../../text/language.tsx';
import { useShownOrigins } from '../use-shown-origins.ts';
import { certificationLevels, settingTexts } from './setting-texts.ts';
import { valuesOf, type SettingName, type SettingValues } from './setting-values.ts';

/** Returns a function that returns the value of a setting of an RP in the words of the current language. */
export function useShownSetting(): (name: SettingName, rp: Pick<RpDetails, 'rpId' | 'settings'>) => string {
  const text = useText(settingTexts);
  const originsOf = useShownOrigins();
  const shown: { readonly [Name in Exclude<SettingName, 'origins'>]: (value: SettingValues[Name]) => string } = {
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
  return (name, rp) =>
    name === 'origins'
      ? originsOf(rp).join('\n')
      : (shown[name] as (value: unknown) => string)(valuesOf(rp.settings)[name]);
}
