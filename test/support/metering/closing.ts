import { setLicense, type NewLicense } from '../../../functions/domain/licenses/set-license.ts';
import { MINUTE } from '../../../functions/domain/time.ts';
import { build } from '../../../functions/events/close-months.ts';
import { putActiveUser } from '../../../functions/table/metering/active-users.ts';
import { readCustomer, type Customer } from '../../../functions/table/customers/customers.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { readAllStatements, readRpsOfStatements } from '../../../functions/table/metering/statements.ts';
import { setStatus } from '../customer-status.ts';
import type { Metering } from './metering.ts';

export type TestCustomer = Awaited<ReturnType<Metering['signUp']>>;

interface Run {
  hasTime?: () => boolean;
  on?: Table;
}

/**
 * Returns functions that close months and read the results. Each function calls `latest` to get the current table and
 * services, because each test may open a new table.
 */
export function closingOf(latest: () => Metering) {
  /**
   * Runs the function that closes months, as the hourly schedule does. `hasTime` returns whether the run has enough
   * time left to continue. `on` is the table client that the run uses.
   */
  function run({ hasTime = () => true, on = latest().table }: Run = {}) {
    const closing = build({ ...latest().services, table: on });
    return closing({} as Parameters<typeof closing>[0], {
      getRemainingTimeInMillis: () => (hasTime() ? 15 * MINUTE : 3 * MINUTE),
    });
  }
  let users = 0;
  /**
   * Stores an active-user record for each of `count` new users of an RP in a month, the first `measured` of whom are
   * measured.
   */
  async function record(
    { customerId, rpRef }: { customerId: string; rpRef: string },
    month: string,
    count: number,
    measured = 0,
  ) {
    await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const source = index < measured ? 'measured' : 'reported';
        const userId = `user-${(users += 1)}`;
        return putActiveUser(latest().table, { customerId, rpRef, month, userId, firstOperationAt: 0, source }, 0);
      }),
    );
  }
  /** Returns every statement of a customer, with the MAU of each RP. */
  async function statements({ customerId }: { customerId: string }) {
    const all = await readAllStatements(latest().table, customerId);
    const rpsOf = await readRpsOfStatements(latest().table, customerId, all);
    return all.map((statement) => ({
      ...statement,
      rps: Object.fromEntries((rpsOf.get(statement.month) ?? []).map(({ id, mau }) => [id, mau])),
    }));
  }
  /** Returns the MAU of every statement of a customer, keyed by month. */
  const closed = async (customer: TestCustomer) =>
    Object.fromEntries((await statements(customer)).map(({ month, mau }) => [month, mau]));
  const read = async ({ customerId }: { customerId: string }) => {
    const customer = await readCustomer(latest().table, customerId, 'strong');
    if (!customer) throw new Error('The customer does not exist.');
    return customer;
  };
  const license = ({ customerId }: TestCustomer, wanted: NewLicense) =>
    setLicense(latest().services, { operator: 'test' }, customerId, wanted);
  const setStatusOf = ({ customerId }: TestCustomer, status: Customer['status']) =>
    setStatus(latest().table, customerId, status);

  return {
    run,
    record,
    /** Returns the number of users for whom `record` has stored an active-user record. */
    recordedUsers: () => users,
    statements,
    closed,
    read,
    license,
    setStatus: setStatusOf,
  };
}
