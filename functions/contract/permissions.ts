import * as z from 'zod';
import { time } from './values.ts';

/** What an administrator may do with the customer, and why they may not end its use of the service. */
export const permissions = z.object({
  editCustomer: z.boolean(),
  changeRepresentative: z.boolean(),
  editMauAlert: z.boolean(),
  unsubscribe: z.boolean(),
  unsubscribeReason: z.enum(['not-representative', 'paid-license']).nullable(),
  unsubscribeFrom: time
    .optional()
    .meta({
      description:
        'Present only on Free while the last month with a paid license is not billed: when unsubscribing becomes possible',
    }),
});
export type Permissions = z.output<typeof permissions>;
