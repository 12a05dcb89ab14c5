import type { Customer, LastPaid } from '../table/customers.ts';
import { readAllStatements } from '../table/statements.ts';
import { licenseAt, licenseInForce, type License, type PaidLicense } from './license.ts';
import type { CalendarServices } from './services.ts';
import { DAY } from './time.ts';

/** How long the operator has to export the statements of a month that was closed: they leave with their customer. */
const EXPORTED_WITHIN = 7 * DAY;

/** The last month that a customer is billed for, and which paid license by. */
export interface LastBilled {
  readonly month: string;
  readonly type: PaidLicense['type'];
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
  const billed = [...closed.map(({ month, license: { type } }) => ({ month, type })), ...unclosed];
  return billed.findLast((bill): bill is LastBilled => bill.type !== 'free');
}

/** Gives until when a customer stays for its last bill, which is made when the month is closed, and then exported. */
export function lastPaidOf({ calendar }: Pick<CalendarServices, 'calendar'>, { month }: LastBilled): LastPaid {
  return { month, billedBy: calendar.closingOf(month) + EXPORTED_WITHIN };
}
