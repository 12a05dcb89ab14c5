import { operatorFieldError } from '../../contract/errors/operator-field-errors.ts';
import { readStatementsOf } from '../../table/metering/statements.ts';
import type { Month } from '../calendar.ts';
import { moneyView } from '../licenses/overage-fee.ts';
import { beganAt } from '../licenses/billed-months.ts';
import { CLOSED_AFTER, lastMonthDue } from './close-month.ts';
import { InvalidInputError } from '../errors.ts';
import { listCustomers } from '../customers/list-customers.ts';
import { listAnswer } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * Returns a page of the statements of a closed month. The page begins after the customer whose ID is `after`, or with
 * the first customer if `after` is undefined. `missing` lists the page's active customers that have no statement
 * although they were activated before the end of the month. Leaves out provisional customers. Throws
 * `InvalidInputError` when the month is not closed yet.
 */
export async function exportStatements(
  services: CalendarServices,
  { month, after }: { month: Month; after: string | undefined },
) {
  const { table, clock, calendar } = services;
  if (month > lastMonthDue(calendar, clock.now())) {
    const closesAt = toIso(calendar.closingOf(month) + CLOSED_AFTER);
    throw new InvalidInputError([operatorFieldError('#/month', 'month-not-closed', { month, closesAt })]);
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
        const { license, mau, measured = 0, maxMau, overageMau, overageFee } = statement;
        const { customerId, name } = customer;
        const billed = { mau, measured, maxMau, overageMau, overageFee: overageFee && moneyView(overageFee) };
        return [{ customerId, name, license: license.type, ...billed }];
      }),
      page.last,
    ),
    missing: found.flatMap(({ customer, statement }) => {
      const { customerId, name, status } = customer;
      return !statement && status === 'active' && beganAt(customer) < calendar.endOf(month)
        ? [{ customerId, name }]
        : [];
    }),
  };
}
