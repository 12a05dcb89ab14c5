import { fieldError } from '../../contract/field-errors.ts';
import { readStatementsOf } from '../../table/statements.ts';
import type { Month } from '../calendar.ts';
import { CLOSED_AFTER, lastMonthDue } from './close-month.ts';
import { InvalidInputError } from '../errors.ts';
import { listCustomers } from '../customers/list-customers.ts';
import { listAnswer } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * Gives a closed month's statements, of the customers behind the one with the ID `after`, and which active customers that
 * had signed up by the month's end are without one. Those that nobody has activated are no customers yet. Throws
 * `InvalidInputError` for a month that is not closed yet.
 */
export async function exportStatements(
  services: CalendarServices,
  { month, after }: { month: Month; after: string | undefined },
) {
  const { table, clock, calendar } = services;
  if (month > lastMonthDue(calendar, clock.now())) {
    const closesAt = toIso(calendar.closingOf(month) + CLOSED_AFTER);
    throw new InvalidInputError([fieldError('#/month', 'month-not-closed', { month, closesAt })]);
  }
  const page = await listCustomers(services, after);
  const customers = page.customers.filter(({ status }) => status !== 'provisional');
  const statements = await readStatementsOf(
    table,
    customers.map(({ customerId }) => customerId),
    month,
  );
  const found = customers.map((customer, index) => ({ customer, statement: statements[index] }));
  return {
    ...listAnswer(
      found.flatMap(({ customer, statement }) => {
        if (!statement) return [];
        const { license, mau, maxMau, overageMau, overageFee } = statement;
        const { customerId, name } = customer;
        return [{ customerId, name, license: license.type, mau, maxMau, overageMau, overageFee }];
      }),
      page.last,
    ),
    missing: found.flatMap(({ customer: { customerId, name, status, createdAt }, statement }) =>
      !statement && status === 'active' && createdAt < calendar.endOf(month) ? [{ customerId, name }] : [],
    ),
  };
}
