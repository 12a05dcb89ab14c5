import * as z from 'zod';
import { time } from './values.ts';

/**
 * Whether the administrator who sends the request may take each of these actions on the customer. If the administrator
 * may not unsubscribe the customer, `unsubscribeReason` contains the reason.
 */
export const permissions = z.object({
  editCustomer: z.boolean(),
  changeRepresentative: z.boolean(),
  editMauAlert: z.boolean(),
  unsubscribe: z.boolean(),
  unsubscribeReason: z.enum(['not-representative', 'paid-license']).nullable(),
  unsubscribeFrom: time.optional().meta({
    description:
      'When the customer can be unsubscribed. Present only if the license is Free and the last month with a paid license is not billed yet',
  }),
  cancelUnsubscription: z.boolean().optional().meta({
    description: 'Whether the administrator can cancel the unsubscription. Present only while one is pending',
  }),
});
export type Permissions = z.output<typeof permissions>;

/** The unsubscription of a customer during the grace period. */
export const pendingUnsubscription = z
  .object({
    requestedAt: time.meta({ description: 'When the representative unsubscribed the customer' }),
    effectiveAt: time.meta({
      description:
        'When the grace period ends. Within an hour after this time, the use of the service ends, and the service begins to delete everything that was registered. Until the use ends, the unsubscription can still be cancelled',
    }),
  })
  .nullable()
  .meta({
    description:
      'Null if the representative has not unsubscribed the customer, or if somebody cancelled the unsubscription',
  });
export type PendingUnsubscription = z.output<typeof pendingUnsubscription>;
