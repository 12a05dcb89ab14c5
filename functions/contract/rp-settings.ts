import * as z from 'zod';
import { fault } from './field-errors.ts';
import { appOrigin, webOrigin } from './origins.ts';

/** The settings of an RP for the ceremonies of its users. */

/** The maximum number of origins, and of top origins. */
const MAX_ORIGINS = 50;
/** The maximum number of AAGUIDs in both lists together. */
export const MAX_AAGUIDS = 100;
/** The certification levels of authenticators, from the lowest to the highest (FIDO Metadata Service 3, 3.1.4). */
const CERTIFICATIONS = [
  'FIDO_CERTIFIED',
  'FIDO_CERTIFIED_L1',
  'FIDO_CERTIFIED_L1plus',
  'FIDO_CERTIFIED_L2',
  'FIDO_CERTIFIED_L2plus',
  'FIDO_CERTIFIED_L3',
  'FIDO_CERTIFIED_L3plus',
] as const;

const requirement = z.enum(['required', 'preferred', 'discouraged']);
const attestation = z.enum(['none', 'indirect', 'direct', 'enterprise']);
const reaction = z.enum(['refuse', 'report']);
const certification = z.enum(CERTIFICATIONS);
const aaguid = z
  .string()
  .overwrite((text) => text.toLowerCase())
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, fault('not-an-aaguid'));

/** Returns the schema of a list in which each text occurs once. */
const eachOnce = (text: z.ZodType<string>, max: number, min = 0) =>
  z
    .array(text)
    .min(min)
    .max(max)
    .superRefine((texts, context) => {
      const seen = new Set<string>();
      texts.forEach((each, index) => {
        if (seen.has(each)) context.addIssue({ code: 'custom', path: [index], message: fault('duplicate') });
        seen.add(each);
      });
    });

const texts = {
  origins:
    'The origins whose pages and apps may run a ceremony: `https` on the RP ID or a subdomain, with any port; `https` on another domain, a related origin (WebAuthn Level 3, 5.11), which the RP must also list at `/.well-known/webauthn`; or `android:apk-key-hash:` and 43 characters of base64url. Default: `https://` and the RP ID. The RP ID `localhost` also takes `http://localhost` with a port, and by default accepts it with every port',
  topOrigins:
    'The origins of the pages that may embed a ceremony in a frame of another origin. Default: none, and the service refuses such ceremonies',
  userVerification:
    'The `userVerification` of WebAuthn. `required` is a floor: a request cannot ask for less. Default: `preferred`',
  residentKey: 'The `residentKey` of WebAuthn. Default: `preferred`',
  attestation: 'The `attestation` of WebAuthn. Default: `none`',
  timeoutSeconds: 'How long a browser may take for a ceremony, in seconds. Default: 300',
  signCount:
    'Whether the service refuses or only reports a sign-in whose sign count did not increase, which may mean that the authenticator was cloned. Default: `refuse`',
  backupEligibility:
    'Whether the service refuses or only reports a sign-in in which the flag BE of the credential changed. With `requireTrustedAttestation`, the service always refuses it. Default: `report`',
  authenticators:
    'The AAGUIDs of the authenticators that may register: `allow` lists the only ones, or is null for all; `deny` lists exceptions. Both together have at most 100. `allow` needs `requireTrustedAttestation`, because otherwise anybody can forge the AAGUID',
  requireTrustedAttestation:
    'Whether a new credential must have an attestation that leads to a root of the metadata of the FIDO Alliance. Default: false',
  minimumCertification:
    'The lowest certification level of the FIDO Alliance that an authenticator must have, or null for any. Needs `requireTrustedAttestation`. Default: null',
  uniqueUserNames:
    'Whether no two users may have the same name. It can be switched on only while the RP has no users. Default: false',
};
const described = <S extends z.ZodType>(schema: S, name: keyof typeof texts): S =>
  schema.meta({ description: texts[name] });

/** The settings in a response. */
export const rpSettings = z
  .object({
    origins: described(z.array(z.string()), 'origins'),
    topOrigins: described(z.array(z.string()), 'topOrigins'),
    userVerification: described(requirement, 'userVerification'),
    residentKey: described(requirement, 'residentKey'),
    attestation: described(attestation, 'attestation'),
    timeoutSeconds: described(z.int(), 'timeoutSeconds'),
    signCount: described(reaction, 'signCount'),
    backupEligibility: described(reaction, 'backupEligibility'),
    authenticators: described(
      z.object({ allow: z.array(z.string()).nullable(), deny: z.array(z.string()) }),
      'authenticators',
    ),
    requireTrustedAttestation: described(z.boolean(), 'requireTrustedAttestation'),
    minimumCertification: described(z.string().nullable(), 'minimumCertification'),
    uniqueUserNames: described(z.boolean(), 'uniqueUserNames'),
  })
  .meta({ id: 'RpSettings' });
export type RpSettingsView = z.output<typeof rpSettings>;

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
