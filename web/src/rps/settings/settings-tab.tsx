import { useText, type Texts } from '../../text/language.tsx';
import type { RpTabProps } from '../rp-tabs.tsx';
import { RemoveRpBlock } from './remove-rp-block.tsx';
import { RpBlock } from './rp-block.tsx';
import type { SettingName } from './setting-values.ts';
import { SettingsBlock } from './settings-block.tsx';
import { VerificationBlock } from './verification-block.tsx';

const texts = {
  en: {
    origins: 'Origins',
    ceremonies: 'Registering and signing in',
    authenticators: 'Authenticators',
    userNames: 'User names',
  },
  ja: {
    origins: 'オリジン',
    ceremonies: '登録とサインイン',
    authenticators: '認証器',
    userNames: 'ユーザー名',
  },
} satisfies Texts<object>;

/** The settings of each block. */
const blocks: Readonly<Record<keyof (typeof texts)['en'], readonly SettingName[]>> = {
  origins: ['origins', 'topOrigins'],
  ceremonies: ['userVerification', 'residentKey', 'timeoutSeconds', 'signCount', 'backupEligibility'],
  authenticators: ['attestation', 'requireTrustedAttestation', 'minimumCertification', 'allow', 'deny'],
  userNames: ['uniqueUserNames'],
};

/** Shows the RP and its settings, and lets the person change them and remove the RP. */
export default function SettingsTab({ rp }: RpTabProps) {
  const text = useText(texts);
  return (
    <>
      <RpBlock rp={rp} />
      <VerificationBlock rp={rp} />
      {(Object.keys(blocks) as (keyof typeof blocks)[]).map((block) => (
        <SettingsBlock key={block} title={text[block]} settings={blocks[block]} rp={rp} />
      ))}
      <RemoveRpBlock rp={rp} />
    </>
  );
}
