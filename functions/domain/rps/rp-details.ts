import type { RpDetailsView, RpSettingsView } from '../../contract/rp-views.ts';
import { readRpWithSettings, type RpSettings, type StoredRpSettings } from '../../table/rp-settings.ts';
import type { Rp } from '../../table/rps.ts';
import type { AdministratorCaller } from '../callers.ts';
import { noSuchRp } from '../refusals.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';
import { isVerificationRequired, verificationRecordOf, type VerifyingServices } from './domain-verification.ts';
import { DEFAULT_SETTINGS, originsOf } from './rp-settings.ts';
import { rpView } from './rp-view.ts';

/** An RP with the settings that somebody has changed, and the version of both. */
export interface RpAndSettings {
  readonly rp: Rp;
  readonly stored: StoredRpSettings;
}

/** The settings of an RP that has not changed them, as the table would store them. */
const UNCHANGED: StoredRpSettings = { settings: {}, version: 1 };

/**
 * Reads an RP of the caller's customer with its settings, with strong consistency. Throws `NotFoundError` if the
 * customer has no such RP, or removed it.
 */
export async function readRpAndSettings(
  { table }: Services,
  { customer }: AdministratorCaller,
  id: string,
): Promise<RpAndSettings> {
  const { rp, stored } = await readRpWithSettings(table, customer.customerId, id, 'strong');
  if (!rp) throw noSuchRp();
  return { rp, stored: stored ?? UNCHANGED };
}

/**
 * Returns an RP of the caller's customer with its settings. Throws `NotFoundError` if the customer has no such RP, or
 * removed it.
 */
export async function getRpDetails(
  services: VerifyingServices,
  caller: AdministratorCaller,
  id: string,
): Promise<RpDetailsView> {
  return rpDetailsView(services, await readRpAndSettings(services, caller, id));
}

/** Converts an RP with its settings to the form that API responses use. */
export function rpDetailsView(services: VerifyingServices, { rp, stored }: RpAndSettings): RpDetailsView {
  return {
    ...rpView(rp),
    settings: settingsView(rp.rpId, { ...DEFAULT_SETTINGS, ...stored.settings }),
    verification: verificationView(services, { ...rp, verifiedAt: rp.verifiedAt ?? null }),
    version: stored.version,
  };
}

/** Converts settings to the form that API responses use, with the origins that the RP has by default. */
export function settingsView(rpId: string, settings: RpSettings): RpSettingsView {
  const { origins, topOrigins, authenticators, ...others } = settings;
  const { allow, deny } = authenticators;
  return {
    origins: [...originsOf(rpId, { origins })],
    topOrigins: [...topOrigins],
    ...others,
    authenticators: { allow: allow && [...allow], deny: [...deny] },
  };
}

/** Returns whether an RP is verified, and the DNS record that verifies it, in the form that API responses use. */
export function verificationView(
  services: VerifyingServices,
  rp: { readonly id: string; readonly rpId: string; readonly verifiedAt: number | null },
): RpDetailsView['verification'] {
  return {
    required: isVerificationRequired(rp.rpId, services),
    verifiedAt: rp.verifiedAt === null ? null : toIso(rp.verifiedAt),
    record: verificationRecordOf(rp),
  };
}
