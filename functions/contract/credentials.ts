import * as z from 'zod';
import type { Contract } from './contract.ts';
import { listOf } from './values/pages.ts';
import { attributes, givenId, hasSome, jsonObject, line, time, userId } from './values/values.ts';
import { credentialId } from './values/bytes.ts';

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
          'The authenticator that made the credential. Null if it does not name itself. Without trusted attestation, anybody can forge the AAGUID',
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

const params = z.strictObject({ userId, id: credentialId });
/** The parameters of the routes with which an administrator manages the credentials of an RP's users. */
const paramsOfRp = z.strictObject({ id: givenId('rp'), userId, credentialId });

const listAnswer = {
  status: 200,
  description: 'All credentials of the user; a user can have at most 20',
  body: listOf(credential),
} as const;
const credentialAnswer = { status: 200, description: 'The credential', body: credential, etag: true } as const;
const removed = { status: 204, description: 'Removed' } as const;

export const listCredentialsContract = {
  summary: 'List the credentials of a user, the oldest first',
  params: params.pick({ userId: true }),
  answer: listAnswer,
} as const satisfies Contract;

export const listCredentialsOfRpContract = {
  summary: 'List the credentials of a user of an RP, the oldest first',
  params: paramsOfRp.omit({ credentialId: true }),
  answer: listAnswer,
} as const satisfies Contract;

export const getCredentialContract = {
  summary: 'Read a credential of a user',
  params,
  answer: credentialAnswer,
} as const satisfies Contract;

const edit = z
  .strictObject({
    name: credentialName.optional(),
    attributes: attributes.nullable().optional(),
    disabled: z
      .boolean()
      .optional()
      .meta({ description: 'True: nobody can sign in with the credential. False: enable the credential' }),
    userVerified: z.literal(true).optional().meta({
      description:
        'Records that the RP has verified the user by another factor. From then on, the credential counts as one that verifies the user',
    }),
  })
  .refine(...hasSome('name', 'attributes', 'disabled', 'userVerified'));
export type CredentialEditBody = z.output<typeof edit>;

export const editCredentialContract = {
  summary:
    'Rename, disable or enable a credential, or change its attributes. Fields that the request omits stay as they are',
  params,
  body: edit,
  ifMatch: 'optional',
  answer: credentialAnswer,
} as const satisfies Contract;

export const editCredentialOfRpContract = {
  summary:
    'Rename, disable or enable a credential of a user of an RP, or change its attributes. Fields that the request omits stay as they are',
  params: paramsOfRp,
  body: edit,
  ifMatch: 'optional',
  answer: credentialAnswer,
} as const satisfies Contract;

export const removeCredentialContract = {
  summary: 'Remove a credential of a user. Nobody can sign in with it afterwards',
  params,
  ifMatch: 'optional',
  answer: removed,
} as const satisfies Contract;

export const removeCredentialOfRpContract = {
  summary: 'Remove a credential of a user of an RP. Nobody can sign in with it afterwards',
  params: paramsOfRp,
  ifMatch: 'optional',
  answer: removed,
} as const satisfies Contract;
