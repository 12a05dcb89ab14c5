import * as z from 'zod';
import { customerStates } from '../domain/operator/customer-state.ts';
import { auditEntry } from './audit.ts';
import type { Contract } from './contract.ts';
import { fault } from './errors/field-errors.ts';
import { auditCursor } from './values/audit-cursor.ts';
import { cursorOf, listOf } from './values/pages.ts';
import { givenId, line, month, time } from './values/values.ts';

/** The contracts of the routes with which the operators' pages read customers. */

const count = z.int().nonnegative();
const money = z.object({ amount: z.string(), currency: z.string() });
const plan = z.enum(['free', 'starter', 'business', 'enterprise']);
const state = z.enum(customerStates).meta({ description: 'The state of a customer, as the command line names it' });
const countsOf = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.object(
    Object.fromEntries(words.map((word) => [word, count.optional()])) as Record<Word, z.ZodOptional<typeof count>>,
  );

const asOf = time.nullable().meta({
  description:
    'The time to which the response belongs. The service summarizes all customers every hour. Null before the first summary',
});

const monthFees = z.object({
  month,
  fees: z.array(money).meta({ description: 'The exact sum of the fees in each currency' }),
  customers: count.meta({ description: 'The number of customers with a fee' }),
  open: count.meta({ description: 'The number of customers whose month is open, so that their fees can change' }),
});

export const getOperatorOverviewContract = {
  summary: 'Read the overview of all customers',
  answer: {
    status: 200,
    description: 'The overview. Null before the first summary',
    body: z.object({
      asOf,
      overview: z
        .object({
          now: time,
          timeZone: z.string(),
          thisMonth: monthFees,
          lastMonth: monthFees,
          customers: count,
          states: countsOf(customerStates),
          plans: countsOf(plan.options as [string, ...string[]]),
          newThisMonth: count,
          overMaximum: count.meta({ description: 'Customers whose MAU exceeds the maximum of their license' }),
          expiring: count.meta({ description: 'Customers whose license expires within 30 days' }),
          failedAlerts: countsOf(['failed', 'bounced']),
          unreachableRepresentatives: count,
        })
        .nullable(),
    }),
  },
} as const satisfies Contract;

const row = z
  .object({
    customerId: z.string(),
    name: z.string(),
    state,
    license: plan,
    licenseEndsAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'Later than `licenseEndsAt` if another license follows at once' }),
    mauThisMonth: count,
    maxMau: count.nullable().meta({ description: 'Null on Free' }),
    overageFee: money.nullable().meta({ description: 'The fee of the month so far. Null on Free' }),
    representative: z.object({ name: z.string(), email: z.string() }).nullable(),
    createdAt: time,
  })
  .meta({ id: 'OperatorCustomerRow' });

/**
 * The cursor of a list of the summary: the position of a row, which can contain any characters of a name. A replacement
 * character shows that the bytes were not UTF-8; with three bytes for each of them, the position would be longer than
 * the 1,024 bytes that a sort key may have.
 */
const position = cursorOf(/^[^\uFFFD]*$/, 1_200);

export const listOperatorCustomersContract = {
  summary:
    'List customers. The list by name contains all customers; each other list contains the first 1,000. A page has up to 50 customers. A search for a name finds the customers whose name begins with the text; upper and lower case, and full and half width, are the same. A search for the ID of a customer, or for the e-mail address of an administrator, finds this customer, with its present values',
  query: z
    .strictObject({
      list: z
        .enum(['name', 'mau', 'fee', 'ends', 'signed-up', 'over-maximum', 'expiring', 'leaving'])
        .default('name')
        .meta({ description: 'The order, or the filter; `name` by default. `signed-up` begins with the latest' }),
      search: line(254)
        .optional()
        .meta({ description: 'Only with the list `name`', examples: ['example'] }),
      cursor: position.optional(),
    })
    .refine(({ list, search }) => search === undefined || list === 'name', {
      error: fault('unknown-value'),
      params: { values: ['name'] },
      path: ['list'],
    }),
  answer: {
    status: 200,
    description: 'A page of customers',
    body: listOf(row).extend({ asOf }),
  },
} as const satisfies Contract;

const license = z.object({
  type: plan,
  startsAt: time,
  endsAt: time.nullable(),
  setAt: time,
  maxRegisteredRps: count,
  maxRegisteredUsers: count.optional().meta({ description: 'Present on Free' }),
  maxMau: count.optional().meta({ description: 'Absent on Free' }),
  overageFeePerMau: money.optional().meta({ description: 'Absent on Free' }),
});
const customerParams = z.strictObject({ id: givenId('cus') });

export const getOperatorCustomerContract = {
  summary: 'Read a customer: its license, its MAU of the month, its alert and its last statements',
  params: customerParams,
  answer: {
    status: 200,
    description: 'The customer at present',
    body: row
      .omit({ representative: true })
      .extend({
        status: z.enum(['active', 'unsubscribing']),
        licenseStatus: z.enum(['not-started', 'active', 'expired', 'ended']),
        registeredRps: count,
        registeredUsers: count,
        pendingUnsubscription: z.object({ requestedAt: time, effectiveAt: time, requestedBy: z.string() }).nullable(),
        overageMau: count,
        representative: z
          .object({
            ...{ administratorId: z.string(), name: z.string(), email: z.string() },
            undeliverable: z.boolean().meta({
              description: 'Whether SES delivers no further e-mails to the address, after a bounce or a complaint',
            }),
          })
          .nullable(),
        address: z.string().nullable(),
        phoneNumber: z.string().nullable(),
        licenseInForce: license,
        licenses: z
          .array(
            license.extend({
              superseded: z.boolean(),
              cancelledAt: time.nullable(),
              state: z.enum(['in-force', 'scheduled', 'past', 'superseded', 'cancelled', 'ended']),
              inForceUntil: time.nullable(),
            }),
          )
          .meta({ description: 'Up to 20 licenses, the one with the latest start first' }),
        hasMoreLicenses: z.boolean(),
        mauAlert: z.object({
          enabled: z.boolean(),
          threshold: z.int().nullable(),
          levels: z.array(z.string()).meta({ description: 'The further levels, such as `900` and `80%`' }),
          lastNotification: z
            .object({
              month,
              threshold: count,
              status: z.enum(['pending', 'sent', 'bounced', 'failed']),
              at: time,
            })
            .nullable(),
        }),
        statements: z
          .array(
            z.object({
              month,
              closedAt: time,
              license: plan,
              mau: count,
              measured: count,
              maxMau: count.nullable(),
              overageMau: count,
              overageFee: money.nullable(),
            }),
          )
          .meta({ description: 'Up to 12 statements, the latest first' }),
        unsubscribedAt: time.nullable().meta({ description: 'When the service began to refuse the customer' }),
      })
      .meta({ id: 'OperatorCustomer' }),
  },
} as const satisfies Contract;

export const listOperatorActivityContract = {
  summary:
    'List the activity of a customer, the latest first. Unlike the response to the customer’s own administrators, the entries name the operators. A page has up to 25 entries',
  params: customerParams,
  query: z.strictObject({
    month: month.optional().meta({ description: 'Only entries of this month. Default: the last 13 months' }),
    cursor: auditCursor.optional(),
  }),
  answer: { status: 200, description: 'A page of entries', body: listOf(auditEntry) },
} as const satisfies Contract;

export const listFailedMailsContract = {
  summary:
    'List e-mails that did not arrive: the latest MAU alert of each customer if it failed or bounced, and the administrators whom e-mails do not reach. A page has up to 50 entries',
  query: z.strictObject({ cursor: position.optional() }),
  answer: {
    status: 200,
    description: 'A page of failed e-mails, the latest first, and those without a time last',
    body: listOf(
      z
        .object({
          customerId: z.string(),
          customerName: z.string(),
          kind: z.enum(['mau-alert', 'any']),
          status: z.enum(['failed', 'bounced', 'undeliverable']),
          administratorId: z.string().nullable(),
          address: z.string().nullable(),
          at: time.nullable(),
          month: month.nullable(),
        })
        .meta({ id: 'FailedMail' }),
    ).extend({ asOf }),
  },
} as const satisfies Contract;
