import * as z from 'zod';
import { CERTIFICATION_LEVELS } from './values/certification-levels.ts';
import { fault } from './errors/field-errors.ts';
import { appOrigin, webOrigin } from './values/origins.ts';
import { eachOnce } from './values/values.ts';
import { attestation, described, reaction, requirement } from './rp-views.ts';

/** The schemas of the settings of an RP in requests. */

/** The maximum number of origins, and of top origins. */
const MAX_ORIGINS = 50;
/** The maximum number of AAGUIDs in both lists together. */
export const MAX_AAGUIDS = 100;
const certification = z.enum(CERTIFICATION_LEVELS);
const aaguid = z
  .string()
  .overwrite((text) => text.toLowerCase())
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, fault('not-an-aaguid'));

/** The settings in a request: only those that change. */
export const rpSettingsEdit = z
  .strictObject({
    origins: described(eachOnce(appOrigin, MAX_ORIGINS, 1).nullable(), 'origins'),
    topOrigins: described(eachOnce(webOrigin, MAX_ORIGINS).nullable(), 'topOrigins'),
    userVerification: described(requirement.nullable(), 'userVerification'),
    residentKey: described(requirement.nullable(), 'residentKey'),
    attestation: described(attestation.nullable(), 'attestation'),
    timeoutSeconds: described(z.int().min(30).max(600).nullable(), 'timeoutSeconds'),
    signCount: described(reaction.nullable(), 'signCount'),
    backupEligibility: described(reaction.nullable(), 'backupEligibility'),
    authenticators: described(
      z
        .strictObject({
          allow: eachOnce(aaguid, MAX_AAGUIDS, 1).nullable(),
          deny: eachOnce(aaguid, MAX_AAGUIDS).nullable(),
        })
        .partial()
        .nullable(),
      'authenticators',
    ),
    requireTrustedAttestation: described(z.boolean().nullable(), 'requireTrustedAttestation'),
    minimumCertification: described(certification.nullable(), 'minimumCertification'),
    uniqueUserNames: described(z.boolean().nullable(), 'uniqueUserNames'),
  })
  .partial()
  .meta({
    id: 'RpSettingsEdit',
    description: 'The settings that change. The others stay as they are. Null resets a setting to its default',
  });
export type RpSettingsEdit = z.output<typeof rpSettingsEdit>;
