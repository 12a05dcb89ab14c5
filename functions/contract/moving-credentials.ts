import * as z from 'zod';
import type { Contract } from './contract.ts';
import { credentialName } from './credentials.ts';
import { fault } from './errors/field-errors.ts';
import { displayName, userName } from './users.ts';
import { bytes, credentialId } from './values/bytes.ts';
import { cursorOf, listOf, page } from './values/pages.ts';
import { attributes, instant, jsonObject, time, userId } from './values/values.ts';
import { knownTransports, TRANSPORTS } from './values/transports.ts';

/** The routes with which an RP moves its users and credentials to this service, between customers, or away. */

const text = {
  userHandle:
    'The `user.id` of WebAuthn, as base64url: 1 to 64 bytes, unique within the RP. Passkeys contain it, so keep it. Null only without a credential',
  publicKey: 'The public key as SubjectPublicKeyInfo (DER), in base64url',
  cosePublicKey: 'The public key in COSE form, as the authenticator sent it, in base64url',
  algorithm: 'The COSE number of the signature algorithm, such as -7 for ES256',
  discoverable: 'Whether the user can sign in without a user name. Null if unknown',
  backupEligible:
    'Whether the credential can be synchronized to other devices (the flag BE). Null if unknown: the service learns it at the next sign-in',
  backedUp: 'Whether the credential is synchronized (the flag BS). Only a credential that can be synchronized is',
  userVerified: 'Whether the authenticator verified the user at the registration (`uvInitialized` of WebAuthn)',
  aaguid: 'The model of the authenticator. Null, or zeros, if the authenticator does not name itself',
} as const;

/** Bytes of a public key. A key of RSA with 4,096 bits has about 550. */
const publicKey = bytes(1_000);
const ZERO_AAGUID = '00000000-0000-0000-0000-000000000000';

const importedUser = z
  .strictObject({
    userId,
    userName: userName.optional(),
    displayName: displayName.nullable().default(null),
    attributes: attributes.nullable().default(null),
    disabled: z.boolean().default(false).meta({ description: 'Whether the user cannot sign in' }),
    userHandle: bytes(86).nullable().default(null).meta({ description: text.userHandle }),
  })
  .meta({ id: 'ImportedUser', description: 'The service ignores these fields if the user exists, except the handle' });

const importedCredential = z
  .strictObject({
    id: credentialId.meta({ description: 'The credential ID of WebAuthn, as base64url' }),
    publicKey: publicKey.optional().meta({ description: text.publicKey }),
    cosePublicKey: publicKey.optional().meta({ description: text.cosePublicKey }),
    algorithm: z
      .int()
      .optional()
      .meta({ description: `${text.algorithm}. Default: that of the key` }),
    signCount: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0),
    transports: z
      .array(z.string().max(100))
      .max(20)
      .default([])
      .transform(knownTransports)
      .meta({
        description: `How browsers reach the authenticator. The service stores only ${TRANSPORTS.join(', ')}, and ignores every other value`,
      }),
    discoverable: z.boolean().nullable().default(null).meta({ description: text.discoverable }),
    backupEligible: z.boolean().nullable().default(null).meta({ description: text.backupEligible }),
    backedUp: z.boolean().default(false).meta({ description: text.backedUp }),
    userVerified: z.boolean().default(false).meta({ description: text.userVerified }),
    aaguid: z
      .string()
      .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, fault('not-an-aaguid'))
      .toLowerCase()
      .transform((aaguid) => (aaguid === ZERO_AAGUID ? null : aaguid))
      .nullable()
      .default(null)
      .meta({ description: text.aaguid }),
    name: credentialName.optional(),
    attributes: attributes.nullable().default(null),
    disabled: z.boolean().default(false).meta({ description: 'Whether the credential cannot be used' }),
    createdAt: instant.optional().meta({ description: 'Default: the time of the import' }),
    lastUsedAt: instant.nullable().default(null),
  })
  .refine((credential) => credential.publicKey !== undefined || credential.cosePublicKey !== undefined, {
    error: fault('at-least-one-required'),
    params: { fields: ['publicKey', 'cosePublicKey'] },
  })
  .refine(({ backedUp, backupEligible }) => !backedUp || backupEligible === true, {
    path: ['backedUp'],
    error: fault('not-backup-eligible'),
  })
  .meta({ id: 'ImportedCredential' });

const importItem = z
  .strictObject({ user: importedUser, credential: importedCredential.nullable() })
  .refine(({ user: { userHandle }, credential }) => credential === null || userHandle !== null, {
    path: ['user', 'userHandle'],
    error: fault('required'),
  })
  .meta({ id: 'ImportItem', description: 'A credential with its user, or a user without a credential' });
export type ImportItem = z.output<typeof importItem>;

export const importCredentialsContract = {
  summary:
    'Import 1 to 25 credentials and their users: either all of them or, after an error, none. The distinct users and the credentials are together at most 32. Users and credentials that exist already stay as they are. Nobody becomes an active user by an import. A new user counts towards the license',
  body: z.strictObject({ items: z.array(importItem).min(1).max(25) }),
  answer: {
    status: 200,
    description: 'A result for each item, in the order of the request',
    body: z.object({
      results: z.array(
        z.object({
          userId: z.string(),
          credentialId: z.string().nullable(),
          status: z.enum(['imported', 'already-imported']),
        }),
      ),
    }),
  },
} as const satisfies Contract;

const exportItem = z
  .object({
    user: z
      .object({
        userId: z.string(),
        userName: z.string(),
        displayName: z.string().nullable(),
        attributes: jsonObject.nullable(),
        disabled: z.boolean(),
        userHandle: z.string().nullable().meta({ description: text.userHandle }),
      })
      .meta({ id: 'ExportedUser' }),
    credential: z
      .object({
        id: z.string(),
        publicKey: z.string().meta({ description: text.publicKey }),
        cosePublicKey: z.string().meta({ description: text.cosePublicKey }),
        algorithm: z.int().meta({ description: text.algorithm }),
        signCount: z.int().nonnegative(),
        transports: z.array(z.string()),
        discoverable: z.boolean().nullable().meta({ description: text.discoverable }),
        backupEligible: z.boolean().nullable().meta({ description: text.backupEligible }),
        backedUp: z.boolean().meta({ description: text.backedUp }),
        userVerified: z.boolean().meta({ description: text.userVerified }),
        aaguid: z.string().nullable().meta({ description: text.aaguid }),
        name: z.string(),
        attributes: jsonObject.nullable(),
        disabled: z.boolean(),
        createdAt: time,
        lastUsedAt: time.nullable(),
      })
      .meta({ id: 'ExportedCredential' })
      .nullable(),
  })
  .meta({ id: 'ExportItem', description: 'A credential with its user, or a user without a credential' });
export type ExportItem = z.output<typeof exportItem>;
export type ExportedCredential = NonNullable<ExportItem['credential']>;

/** The ID of a user and, if the page ends between two credentials of the user, the hash of the last credential's ID. */
const exportCursor = cursorOf(/^[A-Za-z0-9._~:@+=-]{1,128}(\/[A-Za-z0-9_-]{1,64})?$/);

export const exportCredentialsContract = {
  summary: 'Export all users and credentials of the RP, page by page, in the form that an import takes',
  query: page.extend({ cursor: exportCursor.optional() }),
  answer: {
    status: 200,
    description:
      'A page of credentials with their users, sorted by user ID. A user without a credential has one item with `credential: null`. Everything that exists during the whole export is on exactly one page',
    body: listOf(exportItem),
  },
} as const satisfies Contract;
