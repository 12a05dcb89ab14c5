import * as z from 'zod';
import type { Contract } from './contract.ts';
import { creationOptions, requestOptions } from './values/console-options.ts';
import { time } from './values/values.ts';
import { authenticationResponse, registrationResponse } from './values/webauthn.ts';

/** The contracts of the routes with which operators of the service sign in to the operators' pages. */

const operator = z
  .object({ id: z.string(), name: z.string(), email: z.string() })
  .meta({ id: 'Operator', description: 'An operator of the service' });
export type OperatorView = z.output<typeof operator>;

const linkToken = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'The token of the link that the operator’s command line printed: the text after "#token="' });

export const requestOperatorSessionOptionsContract = {
  summary:
    'Begin to sign in as an operator: request a challenge, which is valid for one ceremony within 5 minutes. Accepts only passkeys of operators',
  answer: { status: 200, description: 'The options for `navigator.credentials.get`', body: requestOptions },
} as const satisfies Contract;

export const createOperatorSessionContract = {
  summary: 'Sign in as an operator, with a passkey',
  body: z.strictObject({ passkey: authenticationResponse }),
  answer: {
    status: 201,
    description: 'Signed in. The response also sets a cookie with the session token, for the operators’ pages',
    body: z.object({ sessionToken: z.string(), expiresAt: time, operator }),
  },
} as const satisfies Contract;

export const getOperatorSessionContract = {
  summary: 'Read the session of the operator who sends this request',
  answer: {
    status: 200,
    description: 'The session and its operator',
    body: z.object({ signedInAt: time, expiresAt: time, operator }),
  },
} as const satisfies Contract;

export const deleteOperatorSessionContract = {
  summary: 'Sign out as an operator',
  answer: { status: 204, description: 'Signed out' },
} as const satisfies Contract;

export const requestOperatorPasskeyOptionsContract = {
  summary:
    'Begin to register the passkey of an operator: request a challenge, which is valid for one ceremony within 5 minutes. Does not use the link yet',
  body: z.strictObject({ token: linkToken }),
  answer: { status: 200, description: 'The options for `navigator.credentials.create`', body: creationOptions },
} as const satisfies Contract;

export const addOperatorPasskeyContract = {
  summary: 'Register the passkey of an operator, with a link that works once. Does not sign in',
  body: z.strictObject({ token: linkToken, passkey: registrationResponse }),
  answer: { status: 201, description: 'The operator, who can now sign in with the passkey', body: operator },
} as const satisfies Contract;
