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
});
export type Permissions = z.output<typeof permissions>;
