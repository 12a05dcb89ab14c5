import { CERTIFICATION_LEVELS } from '../../../../functions/contract/values/certification-levels.ts';
import type { RpSettings } from '../../client/types.gen.ts';
import type { Texts } from '../../text/language.tsx';
import type { SettingName } from './setting-values.ts';

interface SettingTexts {
  /** For each setting, its name and one sentence that explains it, followed by its default. */
  readonly settings: Readonly<Record<SettingName, readonly [name: string, explanation: string]>>;
  readonly requirements: Readonly<Record<RpSettings['userVerification'], string>>;
  readonly attestations: Readonly<Record<RpSettings['attestation'], string>>;
  readonly reactions: Readonly<Record<RpSettings['signCount'], string>>;
  /** The values of a setting that is either on or off. */
  readonly switches: Readonly<Record<'on' | 'off', string>>;
  readonly seconds: (seconds: string) => string;
  /** Says how to enter a list. */
  readonly onePerLine: string;
  /** The texts for an empty list. */
  readonly none: string;
  readonly all: string;
  /** The text for no minimum certification. */
  readonly any: string;
}

/** Returns the name that the FIDO Alliance gives to a certification level: `FIDO_CERTIFIED_L1plus` is "L1+". */
const levelName = (level: string): string => level.replace('FIDO_CERTIFIED_', '').replace('plus', '+');

/** The certification levels, from the lowest to the highest, with their names. */
export const certificationLevels: readonly { readonly value: string; readonly label: string }[] =
  CERTIFICATION_LEVELS.map((value) => ({
    value,
    label: value === 'FIDO_CERTIFIED' ? 'FIDO Certified' : `FIDO Certified ${levelName(value)}`,
  }));

const en: SettingTexts = {
  settings: {
    origins: [
      'Origins',
      'The websites, such as https://shop.example.com, and Android apps (android:apk-key-hash:…) in which users may register and sign in. Default: https:// and the RP ID.',
    ],
    topOrigins: [
      'Embedding origins',
      'The websites that may show your sign-in in a frame of another origin. Default: none.',
    ],
    userVerification: [
      'User verification',
      'Whether the authenticator must check the user, for example by fingerprint or PIN; requests for less than “required” are refused. Default: preferred.',
    ],
    residentKey: [
      'Discoverable credentials',
      'Whether new passkeys must allow signing in without typing a user name. Default: preferred.',
    ],
    timeoutSeconds: ['Time limit', 'How long a user may take to register or sign in: 30 to 600 seconds. Default: 300.'],
    signCount: [
      'If the sign count does not increase',
      'A sign count that does not increase can mean that somebody copied the authenticator. Default: refuse.',
    ],
    backupEligibility: [
      'If the backup eligibility changes',
      'Whether a passkey can be backed up should never change; with trusted attestation, the service always refuses such a sign-in. Default: accept and report to the RP.',
    ],
    attestation: [
      'Attestation',
      'Whether the authenticator should prove its model at the registration, for which some browsers ask the user. Default: none.',
    ],
    requireTrustedAttestation: [
      'Require a trusted attestation',
      'Only authenticators in the metadata of the FIDO Alliance, mostly security keys, can register: synchronized passkeys cannot. Default: off.',
    ],
    minimumCertification: [
      'Minimum certification',
      'The lowest certification level of the FIDO Alliance that an authenticator must have; needs a trusted attestation. Default: any.',
    ],
    allow: [
      'Allowed authenticators',
      'The AAGUIDs of the only models that may register; needs a trusted attestation. Default: all models.',
    ],
    deny: ['Denied authenticators', 'The AAGUIDs of models that may not register. Default: none.'],
    uniqueUserNames: [
      'Unique user names',
      'No two users can have the same name; it can be switched on only before the first user is registered. Default: off.',
    ],
  },
  requirements: { required: 'Required', preferred: 'Preferred', discouraged: 'Discouraged' },
  attestations: { none: 'None', indirect: 'Indirect', direct: 'Direct', enterprise: 'Enterprise' },
  reactions: { refuse: 'Refuse the sign-in', report: 'Accept and report to the RP' },
  switches: { on: 'On', off: 'Off' },
  seconds: (seconds) => `${seconds} seconds`,
  onePerLine: 'Enter one per line.',
  none: 'None',
  all: 'All',
  any: 'Any',
};

const ja: SettingTexts = {
  settings: {
    origins: [
      'オリジン',
      'ユーザーが登録とサインインを行えるサイト（例：https://shop.example.com）とAndroidアプリ（android:apk-key-hash:…）です。既定値：https:// とRP ID。',
    ],
    topOrigins: [
      '埋め込み元のオリジン',
      '別のオリジンのフレーム内にサインイン画面を表示できるサイトです。既定値：なし。',
    ],
    userVerification: [
      'ユーザー検証',
      '認証器が指紋やPINなどで本人を確認する必要があるかどうかです。「必須」の場合、それより弱い要求は拒否されます。既定値：推奨。',
    ],
    residentKey: [
      'ユーザー名なしのサインイン',
      '新しいパスキーが、ユーザー名を入力しないサインインに対応する必要があるかどうかです。既定値：推奨。',
    ],
    timeoutSeconds: ['制限時間', 'ユーザーが登録またはサインインを終えるまでの時間です（30～600秒）。既定値：300秒。'],
    signCount: [
      '署名カウンターが増えない場合',
      '署名カウンターが増えない場合、認証器が複製された可能性があります。既定値：サインインを拒否。',
    ],
    backupEligibility: [
      'バックアップの可否が変わった場合',
      'パスキーをバックアップできるかどうかは、本来変わりません。信頼できるアテステーションが必須の場合は、常に拒否されます。既定値：許可してRPに報告。',
    ],
    attestation: [
      'アテステーション',
      '登録時に認証器の機種の証明を求めるかどうかです。ブラウザーがユーザーに確認することがあります。既定値：なし。',
    ],
    requireTrustedAttestation: [
      '信頼できるアテステーションを必須にする',
      'FIDOアライアンスのメタデータにある認証器（主にセキュリティキー）だけが登録でき、同期されるパスキーは登録できません。既定値：オフ。',
    ],
    minimumCertification: [
      '認定レベルの下限',
      '認証器に必要な、FIDOアライアンスの認定レベルです。信頼できるアテステーションが必要です。既定値：指定なし。',
    ],
    allow: [
      '許可する認証器',
      '登録できる機種を限定する場合の、機種のAAGUIDです。信頼できるアテステーションが必要です。既定値：すべての機種。',
    ],
    deny: ['拒否する認証器', '登録できない機種のAAGUIDです。既定値：なし。'],
    uniqueUserNames: [
      'ユーザー名の重複を禁止',
      '同じ名前のユーザーを登録できなくなります。最初のユーザーを登録する前にのみ有効にできます。既定値：オフ。',
    ],
  },
  requirements: { required: '必須', preferred: '推奨', discouraged: '非推奨' },
  attestations: {
    none: 'なし',
    indirect: '間接（indirect）',
    direct: '直接（direct）',
    enterprise: 'エンタープライズ',
  },
  reactions: { refuse: 'サインインを拒否', report: '許可してRPに報告' },
  switches: { on: 'オン', off: 'オフ' },
  seconds: (seconds) => `${seconds}秒`,
  onePerLine: '1行に1つ入力してください。',
  none: 'なし',
  all: 'すべて',
  any: '指定なし',
};

export const settingTexts: Texts<SettingTexts> = { en, ja };
