import * as z from 'zod';
import { auditCursor } from './values/audit-cursor.ts';
import { fault } from './errors/field-errors.ts';
import { cursor } from './values/pages.ts';
import { emailAddress } from './values/mail-values.ts';
import { instant, month, personName } from './values/values.ts';

const customerId = z.string().regex(/^cus_[0-9a-z]{20}$/, fault('not-a-customer-id'));
/** A cursor that is the ID of the last customer on the previous page. */
const behindCustomer = cursor.pipe(customerId);
const maximum = z.int().min(1);

/**
 * The commands of the operator's command line. The operator's function, a Lambda function, runs them. IAM decides who
 * may invoke this function.
 */
export const operatorCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('list-customers'), cursor: behindCustomer.optional() }),
  z.strictObject({ command: z.literal('read-overview'), cursor: behindCustomer.optional() }),
  z.strictObject({ command: z.literal('list-failed-mails'), cursor: behindCustomer.optional() }),
  z.strictObject({ command: z.literal('show-customer'), customerId }),
  z.strictObject({
    command: z.literal('list-audit-entries'),
    customerId,
    month: month.optional(),
    limit: z.int().min(1).max(1_000).optional(),
    cursor: auditCursor.optional(),
  }),
  z.strictObject({
    command: z.literal('set-license'),
    customerId,
    type: z.enum(['free', 'starter', 'business', 'enterprise']),
    startsAt: instant.optional(),
    endsAt: instant.optional(),
    maxRegisteredRps: maximum.max(1_000).optional(),
    maxRegisteredUsers: maximum.optional(),
    maxMau: maximum.optional(),
    dryRun: z.boolean().optional(),
    notify: z.boolean().optional(),
  }),
  z.strictObject({ command: z.literal('cancel-license'), customerId, startsAt: instant }),
  z.strictObject({ command: z.literal('set-representative-email'), customerId, email: emailAddress }),
  z.strictObject({ command: z.literal('end-customer'), customerId, confirmation: z.string().min(1).max(200) }),
  z.strictObject({ command: z.literal('list-final-statements'), customerId, cursor: cursor.pipe(month).optional() }),
  z.strictObject({ command: z.literal('discard-ended-customer'), customerId }),
  z.strictObject({ command: z.literal('list-operators') }),
  z.strictObject({ command: z.literal('add-operator'), email: emailAddress, name: personName }),
  z.strictObject({ command: z.literal('link-operator'), email: emailAddress }),
  z.strictObject({ command: z.literal('remove-operator'), email: emailAddress }),
  z.strictObject({ command: z.literal('export-statements'), month, cursor: behindCustomer.optional() }),
]);
export type OperatorCommand = z.output<typeof operatorCommand>;

/**
 * The event of the operator's function: the command, and the name of the operator who runs the command line. The
 * function logs the operator's name.
 */
export const operatorRequest = z.strictObject({ operator: z.string().min(1).max(200), request: operatorCommand });
