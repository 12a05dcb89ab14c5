import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './errors/field-errors.ts';
import { listOf, page } from './values/pages.ts';
import { attributes, givenId, hasSome, jsonObject, line, time, userId } from './values/values.ts';

export const userName = line(200).meta({
  description:
    'The name that browsers show, for example at sign-in. Names are compared by NFKC (a normal form of Unicode) in lower case. Default: the user ID',
  examples: ['alice@example.com'],
});
export const displayName = line(200).meta({
  description: "The user's name, for example for a greeting",
  examples: ['Alice Arai'],
});

export const user = z
  .object({
    userId: z.string(),
    userName: z.string().meta({ description: 'The name that browsers show' }),
    displayName: z.string().nullable(),
    attributes: jsonObject.nullable(),
    disabled: z.boolean().meta({ description: 'Whether the user cannot sign in' }),
    userHandle: z.string().nullable().meta({
      description:
        'The `user.id` of WebAuthn, as base64url. It never changes. Null only for a user without a credential whom an earlier release registered',
    }),
    credentials: z.object({
      total: z.int().nonnegative(),
      enabled: z.int().nonnegative().meta({ description: 'How many credentials are not disabled' }),
    }),
    registeredAt: time,
    updatedAt: time.meta({ description: 'When the user was last edited' }),
    version: z.int().positive().meta({ description: 'The number in the ETag. Each edit increases it' }),
  })
  .meta({ id: 'User' });
export type UserView = z.output<typeof user>;

const params = z.strictObject({ userId });
/** The parameters of the routes with which an administrator manages the users of an RP. */
const paramsOfRp = z.strictObject({ id: givenId('rp'), userId });

const listQuery = page.extend({
  userName: userName.optional().meta({
    description:
      'Lists only the users with this name. Names are compared by NFKC in lower case. A user whose name is the user ID is found by the ID as it was registered, or in lower case',
  }),
});
const usersAnswer = {
  status: 200,
  description: 'A page of users, sorted by user ID. For a moment, the numbers of credentials may be out of date',
  body: listOf(user),
} as const;
const userAnswer = { status: 200, description: 'The user', body: user, etag: true } as const;

export const listUsersContract = {
  summary: "List the RP's users",
  query: listQuery,
  answer: usersAnswer,
} as const satisfies Contract;

export const listUsersOfRpContract = {
  summary: 'List the users of an RP',
  params: paramsOfRp.omit({ userId: true }),
  query: listQuery,
  answer: usersAnswer,
} as const satisfies Contract;

export const registerUsersContract = {
  summary:
    'Register 1 to 50 users: either all of them or, after an error, none. A user that is already registered stays unchanged. If the RP requires unique user names, a request can register at most 49 new users. With a Free license, a customer can register at most twice its maximum of users in a month, including removed users',
  body: z.strictObject({
    users: z
      .array(z.strictObject({ userId, displayName: line(200).optional() }))
      .min(1)
      .max(50)
      .superRefine((users, context) => {
        const seen = new Set<string>();
        users.forEach(({ userId: id }, index) => {
          if (seen.has(id)) {
            context.addIssue({
              code: 'custom',
              path: [index, 'userId'],
              message: fault('duplicate'),
            });
          }
          seen.add(id);
        });
      }),
  }),
  answer: {
    status: 200,
    description: 'A result for each user, in the order of the request',
    body: z.object({
      results: z.array(z.object({ userId: z.string(), status: z.enum(['registered', 'already-registered']) })),
    }),
  },
} as const satisfies Contract;
export type NewUser = z.output<typeof registerUsersContract.body>['users'][number];

export const getUserContract = { summary: 'Read a user', params, answer: userAnswer } as const satisfies Contract;

export const getUserOfRpContract = {
  summary: 'Read a user of an RP',
  params: paramsOfRp,
  answer: userAnswer,
} as const satisfies Contract;

const edit = z
  .strictObject({
    userName: userName.optional(),
    displayName: displayName.nullable().optional(),
    attributes: attributes.nullable().optional(),
    disabled: z
      .boolean()
      .optional()
      .meta({ description: 'True: the user can neither sign in nor register credentials. False: enable the user' }),
  })
  .refine(...hasSome('userName', 'displayName', 'attributes', 'disabled'));
export type UserEditBody = z.output<typeof edit>;

export const editUserContract = {
  summary: 'Edit, disable or enable a user. Fields that the request omits stay as they are; null removes a value',
  params,
  body: edit,
  ifMatch: 'optional',
  answer: userAnswer,
} as const satisfies Contract;

export const editUserOfRpContract = {
  summary:
    'Edit, disable or enable a user of an RP. Fields that the request omits stay as they are; null removes a value',
  params: paramsOfRp,
  body: edit,
  ifMatch: 'optional',
  answer: userAnswer,
} as const satisfies Contract;

export const removeUserContract = {
  summary:
    'Remove a user and the credentials of the user. The MAU of the months in which the user was active still include the user',
  params,
  ifMatch: 'optional',
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;

export const removeUserOfRpContract = {
  summary:
    'Remove a user of an RP and the credentials of the user. The MAU of the months in which the user was active still include the user',
  params: paramsOfRp,
  ifMatch: 'optional',
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;
