import type { RpSettings, RpSettingsEdit } from '../../client/types.gen.ts';

/**
 * The fields of the forms that edit the settings. Lists are texts with one entry a line, and `allow` and `deny` are the
 * two lists of the setting `authenticators`.
 */
export interface SettingValues {
  origins: string;
  topOrigins: string;
  userVerification: RpSettings['userVerification'];
  residentKey: RpSettings['residentKey'];
  timeoutSeconds: string;
  signCount: RpSettings['signCount'];
  backupEligibility: RpSettings['backupEligibility'];
  attestation: RpSettings['attestation'];
  requireTrustedAttestation: boolean;
  /** A certification level, or empty for any. */
  minimumCertification: string;
  allow: string;
  deny: string;
  uniqueUserNames: boolean;
}
export type SettingName = keyof SettingValues;

/** Converts settings to the fields of the forms. */
export function valuesOf({ origins, topOrigins, authenticators, ...settings }: RpSettings): SettingValues {
  return {
    ...settings,
    origins: origins.join('\n'),
    topOrigins: topOrigins.join('\n'),
    timeoutSeconds: String(settings.timeoutSeconds),
    minimumCertification: settings.minimumCertification ?? '',
    allow: authenticators.allow?.join('\n') ?? '',
    deny: authenticators.deny.join('\n'),
  };
}

/** Returns the entries of a list that a person typed, one a line. Ignores empty lines and the space around an entry. */
const entriesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const orNull = (entries: string[]) => (entries.length === 0 ? null : entries);

/** For each field, returns the edit that saves the value of the field. Null resets a setting to its default. */
const edits: { readonly [Name in SettingName]: (value: SettingValues[Name]) => RpSettingsEdit } = {
  origins: (text) => ({ origins: orNull(entriesOf(text)) }),
  topOrigins: (text) => ({ topOrigins: entriesOf(text) }),
  userVerification: (userVerification) => ({ userVerification }),
  residentKey: (residentKey) => ({ residentKey }),
  timeoutSeconds: (text) => ({ timeoutSeconds: Number(text.normalize('NFKC')) }),
  signCount: (signCount) => ({ signCount }),
  backupEligibility: (backupEligibility) => ({ backupEligibility }),
  attestation: (attestation) => ({ attestation }),
  requireTrustedAttestation: (requireTrustedAttestation) => ({ requireTrustedAttestation }),
  minimumCertification: (level) => ({
    minimumCertification: level === '' ? null : (level as NonNullable<RpSettingsEdit['minimumCertification']>),
  }),
  allow: (text) => ({ authenticators: { allow: orNull(entriesOf(text)) } }),
  deny: (text) => ({ authenticators: { deny: entriesOf(text) } }),
  uniqueUserNames: (uniqueUserNames) => ({ uniqueUserNames }),
};

/** Returns the edit that saves some fields and leaves all other settings as they are. */
export function editOf(names: readonly SettingName[], values: SettingValues): RpSettingsEdit {
  const parts = names.map((name) => (edits[name] as (value: unknown) => RpSettingsEdit)(values[name]));
  const authenticators = Object.assign({}, ...parts.map((part) => part.authenticators)) as object;
  return {
    ...(Object.assign({}, ...parts) as RpSettingsEdit),
    ...(Object.keys(authenticators).length > 0 && { authenticators }),
  };
}

/**
 * Returns the field whose value has an error, and the entry of its list that is wrong, if the error is about an entry.
 * `path` is the path of the error in the request, such as `settings.authenticators.allow.0`.
 */
export function fieldAt(path: string, values: SettingValues): { name: string; entry: string | undefined } {
  const [, name = '', ...rest] = path.replace('authenticators.', '').split('.');
  const fields: Readonly<Partial<Record<string, unknown>>> = { ...values };
  const value = fields[name];
  const index = Number(rest[0] ?? NaN);
  // An error about both lists of authenticators together appears at the first of them.
  const field = name === 'authenticators' ? 'allow' : name;
  return { name: field, entry: typeof value === 'string' ? entriesOf(value)[index] : undefined };
}
