import { fieldError, type FieldError } from '../../contract/errors/field-errors.ts';
import { isAndroidOrigin } from '../../contract/values/origins.ts';
import { MAX_AAGUIDS, type RpSettingsEdit } from '../../contract/rp-settings.ts';
import type { RpSettings, StoredRpSettings } from '../../table/rp-settings.ts';
import { isOnRpId, MAX_LABELS, openLabels } from './related-origins.ts';
import { DEFAULT_SETTINGS } from './rp-settings.ts';

type Changed = StoredRpSettings['settings'];

/**
 * Returns the settings that differ from the defaults after an edit. A field that the edit lacks stays as it is, and
 * null resets a field to its default. The same holds for the two lists of `authenticators`.
 */
export function editedSettings(before: Changed, edit: RpSettingsEdit): Changed {
  const { authenticators, ...others } = edit;
  const merged = {
    ...before,
    ...others,
    ...(authenticators === null && { authenticators }),
    ...(authenticators && {
      authenticators: {
        ...DEFAULT_SETTINGS.authenticators,
        ...withoutNull({ ...before.authenticators, ...authenticators }),
      },
    }),
  };
  return withoutNull(merged);
}

const withoutNull = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

/** Returns the errors of an edit of the settings. `settings` are all settings after the edit. */
export async function faultsOf(rpId: string, settings: RpSettings, edit: RpSettingsEdit): Promise<FieldError[]> {
  return [
    ...(edit.origins ? await faultsOfOrigins(rpId, edit.origins) : []),
    ...(edit.topOrigins ?? []).flatMap((origin, index) =>
      faultsOfScheme(rpId, origin, `#/settings/topOrigins/${index}`),
    ),
    ...faultsOfAaguids(settings, edit),
    ...faultsOfTrust(settings, edit),
  ];
}

/** Returns an error if an origin begins with http, unless it is `http://localhost` of the RP ID `localhost`. */
function faultsOfScheme(rpId: string, origin: string, pointer: string): FieldError[] {
  const { protocol, hostname } = new URL(origin);
  const isLocal = rpId === 'localhost' && hostname === 'localhost';
  return protocol === 'https:' || isLocal ? [] : [fieldError(pointer, 'not-https')];
}

async function faultsOfOrigins(rpId: string, origins: readonly string[]): Promise<FieldError[]> {
  const labelOf = await openLabels();
  const labels = new Set([labelOf(rpId)]);
  const faults = origins.flatMap((origin, index) => {
    if (isAndroidOrigin(origin)) return [];
    const pointer = `#/settings/origins/${index}`;
    const ofScheme = faultsOfScheme(rpId, origin, pointer);
    if (ofScheme.length > 0 || isOnRpId(origin, rpId)) return ofScheme;
    const label = labelOf(new URL(origin).hostname);
    if (label === null || label === '') return [fieldError(pointer, 'public-suffix')];
    labels.add(label);
    return [];
  });
  labels.delete(null); // an RP ID such as `localhost` has no registrable label
  return labels.size > MAX_LABELS
    ? [...faults, fieldError('#/settings/origins', 'too-many-related-domains', { max: MAX_LABELS })]
    : faults;
}

function faultsOfAaguids({ authenticators }: RpSettings, edit: RpSettingsEdit): FieldError[] {
  if (!edit.authenticators) return [];
  const allow = authenticators.allow ?? [];
  const { deny } = authenticators;
  if (allow.length + deny.length > MAX_AAGUIDS) {
    return [fieldError('#/settings/authenticators', 'too-many', { max: MAX_AAGUIDS })];
  }
  // The error names the list that the edit contains, because the other list stays as it is.
  const [list, given, other] = edit.authenticators.deny
    ? (['deny', deny, allow] as const)
    : (['allow', allow, deny] as const);
  return given.flatMap((aaguid, index) =>
    other.includes(aaguid) ? [fieldError(`#/settings/authenticators/${list}/${index}`, 'duplicate')] : [],
  );
}

/**
 * Returns an error for each setting that needs trusted attestation, if trusted attestation is not required. Without
 * trusted attestation, a client can claim any AAGUID, so these settings would keep nobody out.
 */
function faultsOfTrust(settings: RpSettings, edit: RpSettingsEdit): FieldError[] {
  if (settings.requireTrustedAttestation) return [];
  const needing = [
    { isSet: settings.authenticators.allow !== null, isGiven: edit.authenticators?.allow, at: 'authenticators/allow' },
    { isSet: settings.minimumCertification !== null, isGiven: edit.minimumCertification, at: 'minimumCertification' },
  ].filter(({ isSet }) => isSet);
  // A setting that the edit does not contain cannot be wrong in it: the edit takes away what the setting needs.
  const pointers = needing.map(({ isGiven, at }) => (isGiven ? at : 'requireTrustedAttestation'));
  return [...new Set(pointers)].map((at) => fieldError(`#/settings/${at}`, 'needs-trusted-attestation'));
}
