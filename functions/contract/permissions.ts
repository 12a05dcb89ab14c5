import * as z from 'zod';
import { time } from './values.ts';

/**
 * The actions that an administrator may take on the customer. If the administrator may not unsubscribe the customer,
 * `unsubscribeReason` says why.
 */
export const permissions = z.object({
  editCustomer: z.boolean(),
  changeRepresentative: z.boolean(),
  editMauAlert: z.boolean(),
  unsubscribe: z.boolean(),
  unsubscribeReason: z.enum(['not-representative', 'paid-license']).nullable(),
  unsubscribeFrom: time.optional().meta({
    description:
      'When unsubscribing becomes possible. Present only on Free, while the last month with a paid license is not billed',
  }),
});
export type Permissions = z.output<typeof permissions>;
