import * as z from 'zod';
import type { Contract } from './contract.ts';
import { instant, userId } from './values/values.ts';

const operationResult = z.object({
  userId: z.string(),
  status: z.enum(['counted', 'already-counted', 'rejected']),
  reason: z.enum(['user-not-registered', 'month-closed', 'in-the-future']).optional().meta({
    description:
      'Why the operation is rejected. Present with `rejected`. `user-not-registered`: the RP has no such user. `month-closed`: the month of `occurredAt` is closed. `in-the-future`: `occurredAt` is more than 5 minutes in the future',
  }),
});
export type OperationResult = z.output<typeof operationResult>;

export const reportOperationsContract = {
  summary:
    'Report 1 to 100 operations. The service counts each user once for each RP and month. If an API key reports too many users who are not registered, the response is the problem `too-many-requests`. Register the users, and send the request again later',
  body: z.strictObject({
    operations: z
      .array(
        z.strictObject({
          userId,
          type: z.enum(['registration', 'authentication']),
          occurredAt: instant.optional().meta({
            description:
              'When the user performed the operation, in ISO 8601. Default: the time at which the service received the request. The time may be at most 5 minutes in the future, and must be in a month that is not closed. A month closes at 00:00 on the 4th of the next month, in the time zone of the service',
          }),
        }),
      )
      .min(1)
      .max(100),
  }),
  answer: {
    status: 200,
    description: 'A result for each operation, in the order of the request',
    body: z.object({ results: z.array(operationResult) }),
  },
} as const satisfies Contract;
export type Operation = z.output<typeof reportOperationsContract.body>['operations'][number];
