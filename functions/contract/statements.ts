import * as z from 'zod';
import type { Contract } from './contract.ts';
import { listOf, page } from './values/pages.ts';
import { month, time } from './values/values.ts';

const count = z.int().nonnegative();

const statement = z
  .object({
    month,
    timeZone: z.string(),
    closedAt: time,
    license: z
      .object({ type: z.enum(['free', 'starter', 'business', 'enterprise']), startsAt: time, endsAt: time.nullable() })
      .meta({ description: "The license that was in force at the month's last instant" }),
    mau: count.meta({ description: 'The sum of the MAU of all RPs of the customer' }),
    measured: count.meta({
      description:
        'How many of the active users this service measured: it performed the first operation of the user in the month itself, as a ceremony. The RP reported the first operation of the others. The fee is the same for both',
    }),
    maxMau: count.nullable().meta({ description: 'Null on Free' }),
    overageMau: count.meta({ description: 'MAU above the maximum; 0 on Free' }),
    overageFee: z.object({ amount: z.string(), currency: z.string() }).nullable().meta({ description: 'Null on Free' }),
    rps: z
      .array(
        z.object({
          id: z.string(),
          rpId: z.string(),
          name: z.string(),
          removed: z.boolean(),
          mau: count,
          measured: count.meta({ description: 'How many of the active users of the RP this service measured' }),
        }),
      )
      .meta({
        description:
          'The RPs that had active users in the month, the oldest first, including removed RPs. Each RP has its current name. A removed RP has the name that it had when the month was closed',
      }),
  })
  .meta({ id: 'Statement' });
export type StatementView = z.output<typeof statement>;

export const listStatementsContract = {
  summary:
    'List the statements of closed months, the newest first. A page contains at most 24 statements, and fewer if the statements contain many RPs. The CSV contains, for each month, a row for each RP and a row "total" with the maximum, the overage and the fee. The CSV ignores `limit`: it contains all statements, or, if they are larger than 5 MB, the newest ones that fit. The header `Link` then names the URL of the next CSV',
  query: page,
  answer: {
    status: 200,
    description: 'A page of statements',
    body: listOf(statement),
    csv: true,
    link: true,
  },
} as const satisfies Contract;
