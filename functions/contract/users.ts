import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './field-errors.ts';
import { listOf, page } from './pages.ts';
import { line, time, userId } from './values.ts';

const user = z
  .object({ userId: z.string(), displayName: z.string().nullable(), registeredAt: time })
  .meta({ id: 'User' });
export type UserView = z.output<typeof user>;

const params = z.strictObject({ userId });

export const listUsersContract = {
  summary: "List the RP's users",
  query: page,
  answer: { status: 200, description: 'A page of users', body: listOf(user) },
} as const satisfies Contract;

export const registerUsersContract = {
  summary:
    'Register 1 to 50 users: either all of them or, after an error, none. A user that is already registered stays unchanged. With a Free license, a customer can register at most twice its maximum of users in a month, including removed users',
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

export const getUserContract = {
  summary: 'Read a user',
  params,
  answer: { status: 200, description: 'The user', body: user },
} as const satisfies Contract;

export const removeUserContract = {
  summary: 'Remove a user. The MAU of the months in which the user was active still include the user',
  params,
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;
