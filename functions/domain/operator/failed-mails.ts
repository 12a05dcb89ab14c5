import pMap from 'p-map';
import { readAllAdministrators, type Administrator } from '../../table/administrators.ts';
import type { Table } from '../../table/engine/client.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { listCustomers } from '../customers/list-customers.ts';
import { howManyFit, listAnswer, RESPONSE_SIZE, sizeInResponse } from '../pages.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/** The number of customers whose administrators the service reads at the same time. */
const CUSTOMERS_AT_ONCE = 25;

/** An e-mail that did not arrive, or an address that e-mails do not reach, as the table stores it. */
export interface FailedMail {
  readonly customerId: string;
  readonly customerName: string;
  /** `mau-alert` for the latest MAU alert of the customer, and `any` for an address that e-mails do not reach. */
  readonly kind: 'mau-alert' | 'any';
  /**
   * - `failed`: an attempt to send the alert failed. The service tries again for 3 days after it decided to send it.
   * - `bounced`: SES accepted the alert, but the alert did not arrive.
   * - `undeliverable`: SES delivers no further e-mails to the address, after a bounce or a complaint.
   */
  readonly status: 'failed' | 'bounced' | 'undeliverable';
  /** The administrator who has the address. For an alert, the current representative. */
  readonly administratorId: string | null;
  readonly address: string | null;
  /** The time at which the e-mail got this status. Null for an address, because the table does not store the time. */
  readonly at: string | null;
  /** The month of the alert. Null for an address. */
  readonly month: string | null;
}

/**
 * Returns what the table stores about e-mails of a page of customers that failed or bounced. The table stores only the
 * latest MAU alert of a customer, and the addresses that e-mails do not reach. An e-mail that SES refuses is deleted
 * and logged, so it is not in the list. A page has up to 1,000 customers, or fewer if the response would be too large.
 */
export async function listFailedMails(services: Services, after: string | undefined) {
  const { customers, last } = await listCustomers(services, after, 'eventual');
  const administrators = await readAdministratorsOfEach(services.table, customers);
  const mails = customers.map((customer, index) => failedMailsOf(customer, administrators[index] ?? []));
  const fit = howManyFit(
    mails.map((some) => sizeInResponse(JSON.stringify(some))),
    RESPONSE_SIZE,
  );
  return listAnswer(mails.slice(0, fit).flat(), fit < mails.length ? customers[fit - 1]?.customerId : last);
}

/** Returns the latest MAU alert of a customer if it failed or bounced, and undefined otherwise. */
export function failedAlertOf({ mauAlert: { lastNotification } }: Customer) {
  const { status, at, month } = lastNotification ?? {};
  return (status === 'failed' || status === 'bounced') && at !== undefined && month !== undefined
    ? { status, at, month }
    : undefined;
}

/**
 * Reads the administrators of each customer, in the order of `customers`, with eventually consistent reads. Costs about
 * 0.5 read units a customer.
 */
export function readAdministratorsOfEach(table: Table, customers: readonly Customer[]): Promise<Administrator[][]> {
  return pMap(customers, ({ customerId }) => readAllAdministrators(table, customerId, 'eventual'), {
    concurrency: CUSTOMERS_AT_ONCE,
  });
}

/** Returns the failed e-mails of a customer with the given administrators. */
export function failedMailsOf(customer: Customer, administrators: readonly Administrator[]): FailedMail[] {
  const { customerId, name: customerName, representativeId } = customer;
  const representative = administrators.find(({ administratorId }) => administratorId === representativeId);
  const failed = failedAlertOf(customer);
  const alert = failed && {
    ...{ customerId, customerName, kind: 'mau-alert' as const, ...failed, at: toIso(failed.at) },
    ...{ administratorId: representativeId, address: representative?.email ?? null },
  };
  const addresses = administrators
    .filter(({ undeliverable }) => undeliverable)
    .map(({ administratorId, email: address }): FailedMail => ({
      ...{ customerId, customerName, kind: 'any', status: 'undeliverable', month: null, at: null },
      ...{ administratorId, address },
    }));
  return alert ? [alert, ...addresses] : addresses;
}

/** Compares two failed e-mails: the latest first, and those without a time last. */
export const byLatest = ({ at: a }: Pick<FailedMail, 'at'>, { at: b }: Pick<FailedMail, 'at'>): number =>
  (b === null ? 0 : Date.parse(b)) - (a === null ? 0 : Date.parse(a));
