import * as z from 'zod';
import { administrator } from './administrators.ts';
import type { Contract } from './contract.ts';
import { pendingUnsubscription, permissions } from './values/permissions.ts';
import { fault } from './errors/field-errors.ts';
import { listOf, page } from './values/pages.ts';
import { emailAddress, language, mailAccepted, mailSettings } from './values/mail-values.ts';
import { time } from './values/values.ts';
import { requestOptions } from './values/console-options.ts';
import { authenticationResponse } from './values/webauthn.ts';

export const requestSignInLinkContract = {
  summary: 'Request a sign-in link',
  body: z.strictObject({ email: emailAddress }),
  answer: {
    status: 202,
    description: 'Accepted. The response is the same whether an administrator has the address or not',
    body: mailAccepted,
  },
} as const satisfies Contract;

const linkToken = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'The token of an e-mailed link: the text after "#token="' });

/** The only action that a restricted session allows, or null for a full session. */
const mayOnly = z.literal('add-passkey').nullable().meta({
  description:
    '`add-passkey`: the session was created with a recovery link, lasts 15 minutes and can only add a passkey. Null: the session may do everything that the administrator may do',
});

export const createSessionContract = {
  summary: 'Sign in with the token of an e-mailed link, or with a passkey',
  body: z
    .strictObject({
      token: linkToken.optional(),
      passkey: authenticationResponse.optional(),
      language: language.optional().meta({
        description:
          'The language of the person who signs in. Becomes the language of the e-mails when the link activates an invited administrator, and otherwise has no effect',
      }),
    })
    .transform(({ token, passkey, language }, context) => {
      if (token !== undefined && passkey === undefined) return { token, ...(language && { language }) };
      if (passkey !== undefined && token === undefined) return { passkey };
      context.addIssue({
        code: 'custom',
        message: fault('exactly-one-required'),
        params: { fields: ['token', 'passkey'] },
      });
      return z.NEVER;
    })
    .meta({ description: 'Must contain exactly one of `token` and `passkey`' }),
  answer: {
    status: 201,
    description: 'Signed in. The response also sets a cookie with the session token, for the console',
    body: z.object({ sessionToken: z.string(), expiresAt: time, administrator, mayOnly }),
  },
} as const satisfies Contract;
/** The credential of a sign-in: a token or a passkey. */
export type Credential = z.output<typeof createSessionContract.body>;

export const requestSessionOptionsContract = {
  summary: 'Begin to sign in with a passkey: request a challenge, which is valid for one ceremony within 5 minutes',
  answer: { status: 200, description: 'The options for `navigator.credentials.get`', body: requestOptions },
} as const satisfies Contract;

export const getSessionContract = {
  summary: 'Read the session with which this request is sent',
  answer: {
    status: 200,
    description:
      'The session, its administrator, and the permissions of the administrator. While `mayOnly` is set, the session itself has none of these permissions',
    body: z.object({
      expiresAt: time,
      signedInAt: time.meta({
        description:
          'When the administrator signed in, with a passkey or a link. Adding a passkey does not change this time',
      }),
      administrator,
      mailSettings,
      mayOnly,
      hasPasskey: z.boolean().meta({ description: 'Whether the administrator can sign in with a passkey' }),
      byOlderPasskey: z.boolean().optional().meta({
        description:
          'Whether the administrator signed in with a passkey that is older than the recovery. Only such a session lets privileged administrators undo their own recovery. Present only during the recovery hold of the administrator',
      }),
      recentSignInBy: z.enum(['passkey', 'link']).meta({
        description:
          'How the administrator must sign in for a recent sign-in. `link`: with an e-mailed link, because the administrator has no passkey, or added the first passkey less than 24 hours ago and more than 5 minutes after a sign-in',
      }),
      permissions,
      unsubscription: pendingUnsubscription,
      unsubscribeGraceHours: z.int().nonnegative().meta({
        description:
          'The length, in hours, of the grace period that follows when the representative unsubscribes the customer. 0: there is no grace period',
      }),
    }),
  },
} as const satisfies Contract;

const session = z
  .object({
    id: z.string(),
    method: z.enum(['passkey', 'link', 'recovery-link']).meta({
      description:
        'How the administrator signed in. `recovery-link`: with a link although the administrator had a passkey',
    }),
    signedInAt: time,
    lastUsedAt: time.meta({
      description: 'When the session was last used. This time can be up to 5 minutes too early',
    }),
    expiresAt: time,
    current: z.boolean().meta({ description: 'Whether this request was sent with the session' }),
    passkeyName: z.string().optional().meta({ description: 'The name of the passkey. Absent if a link was used' }),
    ipAddress: z.string().meta({ description: 'The IP address, IPv4 or IPv6, from which the administrator signed in' }),
  })
  .meta({ id: 'Session' });
export type SessionView = z.output<typeof session>;

export const listSessionsContract = {
  summary: 'List your own sessions',
  query: page,
  answer: {
    status: 200,
    description: 'A page of at most 10 sessions. A page can have fewer sessions although another page follows',
    body: listOf(session),
  },
} as const satisfies Contract;

export const deleteSessionsContract = {
  summary:
    'Sign out everywhere: end all of your sessions, including the session of this request. During your recovery hold, this works only if you signed in before the recovery or with an older passkey',
  answer: { status: 204, description: 'Signed out' },
} as const satisfies Contract;

export const deleteSessionContract = {
  summary: 'Sign out',
  answer: { status: 204, description: 'Signed out' },
} as const satisfies Contract;
