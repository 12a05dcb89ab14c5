import type { Kinds } from './field-error-kinds.ts';

/** The properties of an upcoming license that appear in the texts of field errors. */
interface UpcomingLicense {
  readonly type: string;
  readonly startsAt: string;
}

/** The kinds of field errors in the schemas of the operator's commands, by code. */
export const commandErrorKinds = {
  'not-a-customer-id': {
    detail: () => 'Must be the ID of a customer, such as cus_2b0k…',
  },
} as const satisfies Kinds;

/** The kinds of field errors that the operator's commands return after they have read the data, by code. */
export const operatorErrorKinds = {
  'month-not-closed': {
    detail: ({ month, closesAt }: { month: string; closesAt: string }) =>
      `Must be a closed month: ${month} closes at ${closesAt}`,
  },
  'months-not-closed': {
    detail: () => 'Must be a customer whose months are all closed: first list its final statements, which closes them',
  },
  'end-not-after-start': {
    detail: () => 'Must be later than the start of the license',
  },
  'end-required': {
    detail: () => 'Must be present: a paid license has an end',
  },
  'end-on-free': {
    detail: () => 'Must not be present: a Free license has no end',
  },
  'start-later-on-free': {
    detail: () =>
      'Must not be later than now, because the service checks the limits of the Free plan when the license is set',
  },
  'maximum-not-in-license': {
    detail: ({ licenseType }: { licenseType: string }) =>
      `Must not be present: the ${licenseType} license has no such maximum`,
  },
  'too-many-upcoming-licenses': {
    detail: ({ max }: { max: number }) =>
      `Must not be later than now: the customer already has ${max} upcoming licenses, which is the maximum. Cancel one of them first`,
  },
  'license-cancelled': {
    detail: (license: { licenseType: string; cancelledAt: string; upcoming: readonly UpcomingLicense[] }) =>
      `Must be the start of an upcoming license: the ${license.licenseType} license with this start was cancelled at ${license.cancelledAt}. ${upcomingText(license.upcoming)}`,
  },
  'license-begun': {
    detail: ({ licenseType, upcoming }: { licenseType: string; upcoming: readonly UpcomingLicense[] }) =>
      `Must be later than now: the ${licenseType} license with this start has begun. Set another license instead. ${upcomingText(upcoming)}`,
  },
  'no-such-license': {
    detail: ({ startsAt, upcoming }: { startsAt: string; upcoming: readonly UpcomingLicense[] }) =>
      `Must be the start of an upcoming license: none starts at ${startsAt}. ${upcomingText(upcoming)}`,
  },
} as const satisfies Kinds;

export type OperatorErrorCode = keyof typeof commandErrorKinds | keyof typeof operatorErrorKinds;

const upcomingText = (upcoming: readonly UpcomingLicense[]) =>
  upcoming.length > 0
    ? `Upcoming licenses: ${upcoming.map(({ type, startsAt }) => `${type} at ${startsAt}`).join(', ')}`
    : 'The customer has no upcoming license';
