import * as z from 'zod';
import { jsonObject, line, time } from './values.ts';

export const credentialName = line(200).meta({
  description:
    'The name of the credential. The text `$authenticator` is replaced by the name of the authenticator, or by "Passkey" if it is unknown',
  examples: ['$authenticator of the office'],
});

export const credential = z
  .object({
    id: z.string().meta({ description: 'The credential ID of WebAuthn, as base64url' }),
    name: z.string(),
    attributes: jsonObject.nullable(),
    authenticator: z
      .object({
        aaguid: z.string().meta({ description: 'The AAGUID of WebAuthn: the model of the authenticator' }),
        name: z.string().nullable(),
      })
      .nullable()
      .meta({
        description:
          'What made the credential. Null if the authenticator does not say so. Without trusted attestation, anybody can forge the AAGUID',
      }),
    publicKey: z.string().meta({ description: 'The public key as SubjectPublicKeyInfo (DER), in base64url' }),
    algorithm: z.int().meta({ description: 'The COSE number of the signature algorithm, such as -7 for ES256' }),
    transports: z.array(z.string()),
    discoverable: z.boolean().nullable().meta({
      description: 'Whether the user can sign in without a user name. Null if the browser did not say',
    }),
    backupEligible: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether the credential can be synchronized to other devices (the flag BE)' }),
    backedUp: z.boolean().meta({ description: 'Whether the credential is synchronized (the flag BS)' }),
    userVerified: z.boolean().meta({
      description: 'Whether the authenticator verified the user at the registration, or the RP has said so since then',
    }),
    signCount: z.int().nonnegative(),
    attestation: z.object({
      format: z.string().meta({ examples: ['none', 'packed'] }),
      type: z.string().meta({ examples: ['none', 'self', 'basic'] }),
      trusted: z.boolean().meta({
        description: 'Whether the attestation leads to a root of the metadata of the FIDO Alliance',
      }),
    }),
    disabled: z.boolean().meta({ description: 'Whether the credential cannot be used' }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    version: z.int().positive().meta({ description: 'The number in the ETag. Each edit increases it' }),
  })
  .meta({ id: 'Credential' });
export type CredentialView = z.output<typeof credential>;
