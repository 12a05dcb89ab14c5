import type { CertificationLevel } from '../domain/attestation/status-reports.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readTogether, type Consistency, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { rpSettingsKey } from './keys.ts';
import { rpAt, type Rp } from './rps.ts';

/** The settings of an RP for the ceremonies of its users. */
export interface RpSettings {
  /** The origins whose pages and apps may run a ceremony. @default - only `https://<rpId>` */
  readonly origins: readonly string[] | null;
  /** The origins of pages that may embed a ceremony. */
  readonly topOrigins: readonly string[];
  readonly userVerification: 'required' | 'preferred' | 'discouraged';
  readonly residentKey: 'required' | 'preferred' | 'discouraged';
  readonly attestation: 'none' | 'indirect' | 'direct' | 'enterprise';
  /** How long a browser may take for a ceremony. */
  readonly timeoutSeconds: number;
  /** Whether a sign-in is refused if the sign count of the credential does not increase. */
  readonly signCount: 'refuse' | 'report';
  /** Whether a sign-in is refused if the BE flag of the credential has changed. */
  readonly backupEligibility: 'refuse' | 'report';
  /** The AAGUIDs of the authenticators that may be used; `allow: null` allows all. */
  readonly authenticators: { readonly allow: readonly string[] | null; readonly deny: readonly string[] };
  readonly requireTrustedAttestation: boolean;
  /** The lowest certification level of the FIDO Alliance that an authenticator must have; null for any. */
  readonly minimumCertification: CertificationLevel | null;
  /** Whether no two users may have the same name. */
  readonly uniqueUserNames: boolean;
}

/** The settings of an RP that somebody has changed. An RP without this item has the default settings. */
export interface StoredRpSettings {
  readonly settings: Partial<RpSettings>;
  /** Increases with every edit of the RP's name or settings. An RP without this item has version 1. */
  readonly version: number;
}

/** Returns the key of the settings of an RP. */
export const rpSettingsAt = (customerId: string, id: string): KeyOf<StoredRpSettings> => rpSettingsKey(customerId, id);

/** Reads an RP and the settings that somebody has changed, with one call to DynamoDB. Both are undefined if absent. */
export async function readRpWithSettings(table: Table, customerId: string, id: string, consistency: Consistency) {
  const keys = [rpAt(customerId, id), rpSettingsAt(customerId, id)] as const;
  const [rp, stored] = await readTogether(table, keys, consistency);
  return { rp, stored };
}

/** The version of an RP without an item for its settings. */
const FIRST_VERSION = 1;

/**
 * Stores the settings of an RP; fails unless the version before was `version - 1`. This write belongs in one
 * transaction with a write that checks that the RP is not removed.
 */
export function putRpSettings(
  { customerId, id }: Pick<Rp, 'customerId' | 'id'>,
  { settings, version }: StoredRpSettings,
): Write<StoredRpSettings> {
  const read = version - 1;
  return {
    Put: {
      Item: { ...rpSettingsAt(customerId, id), settings, version },
      ...(read === FIRST_VERSION
        ? { ConditionExpression: absent }
        : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': read } }),
    },
  };
}

/**
 * Deletes the settings of an RP, if there are any. This write belongs in one transaction with `deleteRp`: the settings
 * of an RP that is removed cannot come back, because `putRpSettings` belongs with a check of the RP.
 */
export const deleteRpSettings = ({ customerId, id }: Pick<Rp, 'customerId' | 'id'>): Write<StoredRpSettings> => ({
  Delete: { Key: rpSettingsAt(customerId, id) },
});
