import * as z from 'zod';
import { time } from './values/values.ts';

/** The schemas of RPs in responses. */

export const rp = z
  .object({
    id: z.string(),
    rpId: z.string(),
    name: z.string(),
    registeredUsers: z.int().nonnegative(),
    createdAt: time,
  })
  .meta({ id: 'Rp' });
export type RpView = z.output<typeof rp>;

export const requirement = z.enum(['required', 'preferred', 'discouraged']);
export const attestation = z.enum(['none', 'indirect', 'direct', 'enterprise']);
export const reaction = z.enum(['refuse', 'report']);

/** The descriptions of the settings, for responses and for requests. */
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
export const described = <S extends z.ZodType>(schema: S, name: keyof typeof texts): S =>
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

export const verification = z
  .object({
    required: z.boolean().meta({
      description:
        'Whether the users of the RP can register and sign in only after the service has found the DNS record. False for the RP ID `localhost`, and where the service verifies no domains',
    }),
    verifiedAt: time.nullable().meta({ description: 'When the service found the record. It does not lapse' }),
    record: z
      .object({ name: z.string(), type: z.literal('TXT'), value: z.string() })
      .meta({ description: 'The DNS record that proves that you control the domain' }),
  })
  .meta({ id: 'RpVerification' });

export const rpDetails = rp
  .extend({
    settings: rpSettings,
    verification,
    version: z
      .int()
      .positive()
      .meta({ description: 'The number in the ETag. Each edit of the name or of the settings increases it' }),
  })
  .meta({ id: 'RpDetails' });
export type RpDetailsView = z.output<typeof rpDetails>;
