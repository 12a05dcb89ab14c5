import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './errors/field-errors.ts';
import { listOf } from './values/pages.ts';
import { line, time } from './values/values.ts';
import { creationOptions } from './values/console-options.ts';
import { registrationResponse } from './values/webauthn.ts';

const passkeyName = line(200).meta({ description: 'Name of the passkey', examples: ['Phone of Alice'] });

const passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: time,
    lastUsedAt: time
      .nullable()
      .meta({ description: 'When the passkey was last used to sign in; null if it was never used' }),
  })
  .meta({ id: 'Passkey' });
export type PasskeyView = z.output<typeof passkey>;

/**
 * The ID of a passkey is the SHA-256 of the passkey's credential ID, as base64url. No passkey has a malformed ID, so
 * the response to a request with a malformed ID is 404.
 */
const params = z.strictObject({ id: z.string().regex(/^[\w-]{43}$/, fault('not-an-id')) });

export const listPasskeysContract = {
  summary: 'List your own passkeys, the oldest first',
  answer: { status: 200, description: 'All of your passkeys; you can have at most 20', body: listOf(passkey) },
} as const satisfies Contract;

export const requestPasskeyOptionsContract = {
  summary:
    'Begin to add a passkey: request a challenge, which is valid for one ceremony within 5 minutes. A caller with a passkey must have signed in within the last 5 minutes, unless the session may only add a passkey',
  answer: { status: 200, description: 'The options for `navigator.credentials.create`', body: creationOptions },
} as const satisfies Contract;

export const addPasskeyContract = {
  summary:
    'Add a passkey. If the session may only add a passkey, it becomes a full session of 12 hours, and a recovery hold of 24 hours begins: see `recoveryHoldUntil` of the administrator',
  body: z.strictObject({ name: passkeyName, passkey: registrationResponse }),
  answer: { status: 201, description: 'The passkey', body: passkey },
} as const satisfies Contract;

export const renamePasskeyContract = {
  summary: 'Rename one of your passkeys',
  params,
  body: z.strictObject({ name: passkeyName }),
  answer: { status: 200, description: 'The passkey', body: passkey },
} as const satisfies Contract;

export const removePasskeyContract = {
  summary:
    'Remove one of your passkeys, and end the sessions that were opened with it. Your last passkey cannot be removed. You must have signed in within the last 5 minutes',
  params,
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;
