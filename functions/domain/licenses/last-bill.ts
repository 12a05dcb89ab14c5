import type { Customer, LastPaid } from '../../table/customers/customers.ts';
import { readAllStatements } from '../../table/statements.ts';
import { licenseAt, licenseInForce, type License, type PaidLicense } from './license.ts';
import type { CalendarServices } from '../services.ts';
import { DAY } from '../time.ts';

/**
 * How long the operator has to export the statements of a month: they leave with their customer. A week from when the month
 * could be closed; and when it was closed late, most of a week from then.
 */
const EXPORTED_WITHIN = 7 * DAY;
const EXPORTED_AFTER_CLOSING = 6 * DAY;

/** The last month that a customer is billed for, and which paid license by. */
export interface LastBilled {
  readonly month: string;
  readonly type: PaidLicense['type'];
  /** Epoch milliseconds. @default - the month is not closed yet */
  readonly closedAt?: number;
}

/**
 * Gives the last month that is billed by a paid license, when a customer with a paid license moves to Free: the month
 * before the move, which is Free's, if it ended with a paid one of those that stand, or a later one that was closed with a
 * paid license already, since a statement never changes. Undefined when there is none.
 */
export async function lastBilledOf(
  { table, calendar }: CalendarServices,
  customer: Customer,
  standing: readonly License[],
  added: License,
  now: number,
): Promise<LastBilled | undefined> {
  if (added.type !== 'free' || licenseInForce(customer, now).type === 'free') return undefined;
  const { customerId, createdAt, closedThrough = '' } = customer;
  const before = calendar.plus(calendar.monthOf(added.startsAt), -1);
  const isOpen = before >= calendar.monthOf(createdAt) && before > closedThrough;
  const unclosed = isOpen ? [{ month: before, type: licenseAt(standing, calendar.endOf(before) - 1).type }] : [];
  const statements = closedThrough >= before ? await readAllStatements(table, customerId) : [];
  const closed = statements.filter(({ month }) => month >= before);
  const billed = [...closed.map(({ month, closedAt, license: { type } }) => ({ month, type, closedAt })), ...unclosed];
  return billed.findLast((bill): bill is LastBilled => bill.type !== 'free');
}

/** Gives until when a customer stays for its last bill, which is made when the month is closed, and then exported. */
export function lastPaidOf(
  { calendar }: Pick<CalendarServices, 'calendar'>,
  { month, closedAt = 0 }: Pick<LastBilled, 'month' | 'closedAt'>,
): LastPaid {
  return {
    month,
    billedBy: Math.max(calendar.closingOf(month) + EXPORTED_WITHIN, closedAt + EXPORTED_AFTER_CLOSING),
  };
}
