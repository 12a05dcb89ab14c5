import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './field-errors.ts';
import { listOf, passkeyName, time } from './values.ts';
import { creationOptions, registrationResponse } from './webauthn.ts';

const passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'When somebody signed in with it; null: not yet' }),
  })
  .meta({ id: 'Passkey' });
export type PasskeyView = z.output<typeof passkey>;

/** A SHA-256 as base64url: a malformed one cannot exist, so the response is 404. */
const params = z.strictObject({ id: z.string().regex(/^[\w-]{43}$/, fault('not-an-id')) });

export const listPasskeysContract = {
  summary: 'List your own passkeys, the oldest first',
  answer: { status: 200, description: 'All of them: at most 20', body: listOf(passkey) },
} as const satisfies Contract;

export const requestPasskeyOptionsContract = {
  summary:
    'Begin to add a passkey: a challenge for one ceremony within 5 minutes. An administrator with a passkey must have signed in within 5 minutes',
  answer: { status: 200, description: 'For `navigator.credentials.create`', body: creationOptions },
} as const satisfies Contract;

export const addPasskeyContract = {
  summary: 'Add a passkey; a session that may only do this becomes one of 12 hours that may do all',
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
  summary: 'Remove one of your passkeys, never the last one; signed in within 5 minutes',
  params,
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;
