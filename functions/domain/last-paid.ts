import type { Customer, LastPaid } from '../table/customers.ts';
import { readAllStatements, readStatementsOf } from '../table/statements.ts';
import { licenseAt, licenseInForce, type License } from './license.ts';
import type { CalendarServices } from './services.ts';
import { DAY } from './time.ts';

/** How long the operator has to export the statements of a month that was closed: they leave with their customer. */
const EXPORTED_WITHIN = 7 * DAY;

/**
 * Gives the last month that is billed by a paid license, when a customer with a paid license moves to Free: the month
 * before the move, which is Free's, or a later one that was closed with a paid license already, since a statement never
 * changes. Undefined when there is none since it signed up.
 */
export async function lastPaidOf(
  { table, clock, calendar }: CalendarServices,
  customer: Customer,
  added: License,
): Promise<LastPaid | undefined> {
  if (added.type !== 'free' || licenseInForce(customer, clock.now()).type === 'free') return undefined;
  const { customerId, createdAt, closedThrough } = customer;
  const before = calendar.plus(calendar.monthOf(added.startsAt), -1);
  const hasLater = closedThrough !== undefined && closedThrough > before;
  const later = hasLater ? (await readAllStatements(table, customerId)).filter(({ month }) => month > before) : [];
  const month = later.findLast(({ license }) => license.type !== 'free')?.month ?? before;
  if (month < calendar.monthOf(createdAt)) return undefined;
  return { month, billedBy: calendar.closingOf(month) + EXPORTED_WITHIN };
}

/**
 * Gives the type of the license that a month is billed by: its statement's once it is closed, else that of the one in
 * force at its end, of all that stand.
 */
export async function billedByType(
  { table, calendar }: CalendarServices,
  { customerId, closedThrough }: Customer,
  standing: readonly License[],
  month: string,
): Promise<License['type'] | undefined> {
  const isClosed = closedThrough !== undefined && closedThrough >= month;
  if (!isClosed) return licenseAt(standing, calendar.endOf(month) - 1).type;
  const [statement] = await readStatementsOf(table, [customerId], month);
  return statement?.license.type;
}
