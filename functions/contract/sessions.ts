import * as z from 'zod';
import { administrator } from './administrators.ts';
import type { Contract } from './contract.ts';
import { permissions } from './permissions.ts';
import { fault } from './field-errors.ts';
import { emailAddress, mailAccepted, time } from './values.ts';
import { authenticationResponse, requestOptions } from './webauthn.ts';

export const requestSignInLinkContract = {
  summary: 'Request a sign-in link',
  body: z.strictObject({ email: emailAddress }),
  answer: { status: 202, description: 'The same whether the address is known or not', body: mailAccepted },
} as const satisfies Contract;

export const linkToken = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'The text after #token= in the e-mailed link' });

/** The limit of a session. */
const mayOnly = z
  .literal('add-passkey')
  .nullable()
  .meta({ description: '`add-passkey`: it came by a recovery link, lasts 15 minutes and serves for nothing else' });

export const createSessionContract = {
  summary: 'Sign in with the token of an e-mailed link, or with a passkey',
  body: z
    .strictObject({ token: linkToken.optional(), passkey: authenticationResponse.optional() })
    .transform(({ token, passkey }, context) => {
      if (token !== undefined && passkey === undefined) return { token };
      if (passkey !== undefined && token === undefined) return { passkey };
      context.addIssue({
        code: 'custom',
        message: fault('exactly-one-required'),
        params: { fields: ['token', 'passkey'] },
      });
      return z.NEVER;
    })
    .meta({ description: 'Exactly one of them' }),
  answer: {
    status: 201,
    description: 'Signed in; the token also comes as a cookie for the console',
    body: z.object({ sessionToken: z.string(), expiresAt: time, administrator, mayOnly }),
  },
} as const satisfies Contract;
/** The credential of a sign-in: a token or a passkey. */
export type Credential = z.output<typeof createSessionContract.body>;

export const requestSessionOptionsContract = {
  summary: 'Begin to sign in with a passkey: a challenge for one ceremony within 5 minutes',
  answer: { status: 200, description: 'For `navigator.credentials.get`', body: requestOptions },
} as const satisfies Contract;

export const getSessionContract = {
  summary: 'Look at the session that the request is made with',
  answer: {
    status: 200,
    description:
      'The session, its administrator and their permissions: all that the console needs before it loads its blocks',
    body: z.object({
      expiresAt: time,
      signedInAt: time.meta({ description: 'The last passkey ceremony; else when the link was opened' }),
      administrator,
      mayOnly,
      hasPasskey: z.boolean().meta({ description: 'Whether the administrator can sign in with a passkey' }),
      permissions,
    }),
  },
} as const satisfies Contract;
export type SessionView = z.input<typeof getSessionContract.answer.body>;

export const deleteSessionContract = {
  summary: 'Sign out',
  answer: { status: 204, description: 'Signed out' },
} as const satisfies Contract;
