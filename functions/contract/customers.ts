import * as z from 'zod';
import type { Contract } from './contract.ts';
import { pendingUnsubscription, permissions } from './values/permissions.ts';
import { fault } from './errors/field-errors.ts';
import { emailAddress, language, mailAccepted } from './values/mail-values.ts';
import { acting, givenId, hasSome, line, month, optionalText, personName, time } from './values/values.ts';

const customerName = line(200).meta({ description: 'Name of the customer', examples: ['Example Corporation'] });
const postalAddress = optionalText(
  500,
  new RegExp(`^[^${acting}]*(\\r?\\n[^${acting}]*)*$`, 'u'),
  fault('control-characters'),
).meta({ description: 'Postal address', examples: ['1-2-3 Chuo, Tokyo'] });

/**
 * Returns a phone number with ASCII characters in place of characters that look the same: full-width characters,
 * dashes of all kinds (also the katakana long vowel mark, which is on the key of the hyphen on Japanese keyboards) and
 * spaces of all kinds. Removes invisible characters, because address books put them around phone numbers.
 */
const plainPhoneNumber = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\p{Pd}\u2212\u30FC]/gu, '-')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
const phoneNumber = optionalText(30, /^[-+()./# 0-9a-zA-Z]*$/, fault('not-a-phone-number'), plainPhoneNumber).meta({
  description: 'Phone number. Responses contain full-width characters, dashes and spaces as ASCII characters',
  examples: ['+81 3 1234 5678'],
});

export const signUpCustomerContract = {
  summary: 'Sign up: create a customer with its representative and a Free license, and send an activation link',
  body: z.strictObject({
    customer: z.strictObject({
      name: customerName,
      address: postalAddress.optional(),
      phoneNumber: phoneNumber.optional(),
    }),
    representative: z.strictObject({
      name: personName,
      email: emailAddress,
      language: language
        .optional()
        .meta({ description: 'The language of the e-mails. Default: the language that `Accept-Language` prefers' }),
    }),
  }),
  answer: {
    status: 202,
    description:
      'Accepted. The response does not wait for the e-mail, and is the same whether an administrator has the address or not',
    body: mailAccepted,
  },
} as const satisfies Contract;

const count = z.int().nonnegative();
const money = z.object({ amount: z.string(), currency: z.string() });
const licenseStatus = z.enum(['not-started', 'active', 'expired']);
const licenseView = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('free'),
    status: licenseStatus,
    startsAt: time,
    endsAt: time.nullable(),
    registeredRps: count,
    registeredUsers: count,
    mauThisMonth: count,
    maxRegisteredRps: count,
    maxRegisteredUsers: count,
  }),
  z.object({
    type: z.enum(['starter', 'business', 'enterprise']),
    status: licenseStatus,
    startsAt: time,
    endsAt: time.nullable(),
    registeredRps: count,
    registeredUsers: count,
    mauThisMonth: count,
    maxRegisteredRps: count,
    maxMau: count,
    overageFeePerMau: money.meta({ description: 'The fee for each MAU above the maximum' }),
    overageMau: count,
    overageFee: money,
  }),
]);

export const customerView = z
  .object({
    customer: z.object({
      id: z.string(),
      name: z.string(),
      address: z.string().nullable(),
      phoneNumber: z.string().nullable(),
      status: z.enum(['provisional', 'active', 'unsubscribing']),
      version: z.int(),
    }),
    representative: z.object({
      administratorId: z.string(),
      name: z.string(),
      email: z.string(),
      undeliverable: z
        .literal(true)
        .optional()
        .meta({ description: 'Present only while e-mails to the address cannot be delivered' }),
    }),
    license: licenseView,
    nextLicense: z
      .object({
        type: licenseView.options[1].shape.type,
        startsAt: time,
        endsAt: time.nullable(),
        maxMau: count,
      })
      .optional()
      .meta({
        description: 'The license that follows the current one. Present only if the customer has an upcoming license',
      }),
    mauAlert: z.object({
      enabled: z.boolean(),
      threshold: z.int().nullable(),
      lastNotification: z
        .object({
          month,
          threshold: z.int(),
          status: z.enum(['pending', 'sent', 'bounced', 'failed']),
          at: time,
        })
        .nullable(),
    }),
    month: z.object({ month, timeZone: z.string(), endsAt: time }),
    unsubscription: pendingUnsubscription,
    permissions,
  })
  .meta({ id: 'CustomerView' });
export type CustomerView = z.output<typeof customerView>;
const view = { status: 200, description: 'The Customer view', body: customerView, etag: true } as const;

export const getCustomerContract = { summary: 'Read the Customer view', answer: view } as const satisfies Contract;

export const editCustomerContract = {
  summary: 'Edit the customer information',
  ifMatch: true,
  body: z
    .strictObject({ name: customerName, address: postalAddress, phoneNumber })
    .partial()
    .refine(...hasSome('name', 'address', 'phoneNumber')),
  answer: view,
} as const satisfies Contract;

export const changeRepresentativeContract = {
  summary:
    'Make another active administrator the representative of the customer. You must have signed in within the last 5 minutes',
  ifMatch: true,
  body: z.strictObject({ administratorId: givenId('adm') }),
  answer: view,
} as const satisfies Contract;

export const setMauAlertContract = {
  summary:
    'Set the MAU alert: the threshold, and whether the representative gets an e-mail when the MAU of a month exceeds the threshold',
  ifMatch: true,
  body: z
    .strictObject({ enabled: z.boolean(), threshold: z.int().min(1).nullable().default(null) })
    .refine(({ enabled, threshold }) => !enabled || threshold !== null, {
      path: ['threshold'],
      error: fault('required'),
    }),
  answer: view,
} as const satisfies Contract;

export const unsubscribeCustomerContract = {
  summary:
    'Unsubscribe the customer: after the grace period, end its use of the service and delete everything that was registered. Only the representative of a customer with a Free license can do this, and must have signed in within the last 5 minutes. During the grace period, a second request changes nothing and gets the same response',
  body: z.strictObject({
    confirmation: z.string().min(1).max(200).meta({
      description:
        "The customer's name, as it is shown. Upper and lower case are different. The comparison ignores the kind and number of spaces, full and half width, the Unicode normalization form, and invisible characters",
    }),
  }),
  answer: {
    status: 202,
    description:
      "The grace period has begun, and all privileged administrators get an e-mail. Until `effectiveAt`, everything works as before. If the service has no grace period, the customer can no longer use the service, and the service deletes the customer's data in the background",
    body: z.object({
      status: z.enum(['active', 'unsubscribing']).meta({
        description: "The customer's status: `unsubscribing` only if the service has no grace period",
      }),
      requestedAt: time,
      effectiveAt: time,
      detail: z.string(),
    }),
  },
} as const satisfies Contract;

export const cancelUnsubscriptionContract = {
  summary:
    'Cancel the unsubscription of the customer during the grace period. All privileged administrators get an e-mail',
  answer: { status: 204, description: 'The customer keeps using the service' },
} as const satisfies Contract;

export const mauView = z
  .object({
    timeZone: z.string(),
    currentMonth: month,
    months: z.array(month),
    signedUpIn: month.meta({ description: 'The month in which the customer signed up' }),
    rps: z.array(
      z.object({
        id: z.string(),
        rpId: z.string(),
        name: z.string(),
        removed: z.boolean(),
        registeredIn: month.meta({ description: 'The month in which the RP was registered' }),
        removedIn: month.nullable().meta({ description: 'The month in which the RP was removed' }),
        mau: z.array(count).meta({ description: 'The number of active users in each month' }),
        measured: z.array(count).meta({
          description:
            'How many of the active users this service measured: it performed the first operation of the user in the month itself, as a ceremony. The RP reported the first operation of the others',
        }),
      }),
    ),
    otherRemovedRps: z.array(count).optional().meta({
      description:
        'The MAU, in each month, of the removed RPs that `rps` does not list. `rps` lists at most 20 removed RPs, those removed last. Absent if `rps` lists all removed RPs that had active users',
    }),
    measuredOtherRemovedRps: z.array(count).optional().meta({
      description:
        'How many of the active users in `otherRemovedRps` this service measured. Absent if `otherRemovedRps` is absent',
    }),
    total: z.array(count),
    measuredTotal: z
      .array(count)
      .meta({ description: 'How many of the active users in `total` this service measured' }),
    maxMau: count.nullable().meta({ description: 'The maximum MAU of the license now. Null for a Free license' }),
    maxMaus: z.array(count.nullable()).meta({
      description:
        "The maximum MAU in each month: that of the month's statement, of the license at the end of a month that is not closed, and of the license now for the current month. Null for a Free license and before the customer signed up",
    }),
    expectedMau: z
      .object({ mau: count, pace: z.enum(['last-month', 'this-month']) })
      .nullable()
      .meta({
        description:
          'About how many active users the current month will have at its end, if new ones come at the pace of the last month or, where that says nothing, of this month so far. Null if neither is known. Never the basis of a bill',
      }),
    threshold: z.int().nullable(),
  })
  .meta({ id: 'MauView' });
export type MauView = z.output<typeof mauView>;

export const getMauContract = {
  summary:
    'Read the MAU of the last 3, 6 or 12 months, for each RP and in total. The last of these months is the current month, whose MAU may still grow',
  query: z.strictObject({
    months: z
      .enum(['3', '6', '12'])
      .default('3')
      .transform(Number)
      .meta({ description: 'The number of months, including the current month' }),
  }),
  answer: { status: 200, description: 'The MAU view', body: mauView, csv: true },
} as const satisfies Contract;
