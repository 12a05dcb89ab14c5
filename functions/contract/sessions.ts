import * as z from 'zod';
import { administrator } from './administrators.ts';
import type { Contract } from './contract.ts';
import { emailAddress, mailAccepted, time } from './values.ts';

export const requestSignInLink = {
  summary: 'Have a sign-in link sent',
  body: z.strictObject({ email: emailAddress }),
  answer: { status: 202, description: 'The same whether the address is known or not', body: mailAccepted },
} as const satisfies Contract;

export const linkToken = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'What stands behind #token= in the e-mailed link' });

export const createSession = {
  summary: 'Sign in with the token of an e-mailed link',
  body: z.strictObject({ token: linkToken }),
  answer: {
    status: 201,
    description: 'Signed in; the token also comes as a cookie for the console',
    body: z.object({ sessionToken: z.string(), expiresAt: time, administrator }),
  },
} as const satisfies Contract;

export const deleteSession = {
  summary: 'Sign out',
  answer: { status: 204, description: 'Signed out' },
} as const satisfies Contract;
