import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './errors/field-errors.ts';
import { cursorOf, listOf, page } from './values/pages.ts';
import { givenId, month, time } from './values/values.ts';

const activeUser = z
  .object({
    userId: z
      .string()
      .meta({ description: 'The ID of the user, who may have been removed since', examples: ['user-1'] }),
    firstOperationAt: time.meta({
      description: 'When the first operation that the service counted took place',
    }),
    source: z.enum(['measured', 'reported']).meta({
      description:
        'Whether this service measured the first operation that it counted, as a ceremony, or the RP reported it',
    }),
    rp: z
      .object({
        id: z.string().meta({ examples: ['rp_0123456789abcdefghjk'] }),
        rpId: z.string().meta({ examples: ['shop.example.com'] }),
      })
      .meta({ description: 'The RP at which the user was active. The RP may have been removed since' }),
  })
  .meta({ id: 'ActiveUser' });
export type ActiveUserView = z.output<typeof activeUser>;

/** The month, the ID of an RP, and the position of a user in the list of the active users of the RP and month. */
const cursor = cursorOf(/^\d{4}-\d{2}\/rp_[0-9a-z]{20}\/(0[0-9a-f][A-Za-z0-9._~:@+=-]{0,128})?$/);

export const listActiveUsersContract = {
  summary:
    'List the active users of a month. Each user counts once for each RP, so the list explains the MAU: a closed month has exactly the active users that its statement counts. The CSV ignores `limit`: it contains all active users, or, if they take more than 5 MB or are spread over many RPs, the first of them. The header `Link` then names the URL of the next CSV',
  query: page
    .extend({
      cursor: cursor.optional(),
      month: month.meta({ description: 'The month. The service keeps the active users of a month for 13 months' }),
      rp: givenId('rp').optional().meta({
        description:
          "The service's own ID of an RP. A removed RP is found in months in which it had active users. Default: all RPs, including removed ones",
      }),
    })
    .refine(({ cursor: after, month: of, rp = '' }) => after === undefined || after.startsWith(`${of}/${rp}`), {
      path: ['cursor'],
      error: fault('not-a-cursor'),
    }),
  answer: {
    status: 200,
    description:
      'A page of active users, sorted by the ID of the RP. A page can have fewer users than `limit`, or none, although more pages follow. Every user who is active at an RP when the first page is requested is on exactly one page. While the month is not closed, an RP is listed some seconds after its first active user, or at once if the request names it',
    body: listOf(activeUser),
    csv: true,
    link: true,
  },
} as const satisfies Contract;
