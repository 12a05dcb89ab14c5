import { withRememberedApiKeys, authenticateApiKey } from '../functions/domain/rps/authenticate-api-key.ts';
import { reportOperations, withSeenUsers } from '../functions/domain/metering/report-operations.ts';
import { putUser } from '../functions/table/users.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import { element } from './element.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './population.ts';
import type { Units } from './units.ts';

/** What single requests to report operations consume behind the key check. */
export interface RequestCosts {
  /** The first operation of a user and month; and of one whose ID and name are as long as they can be. */
  readonly firstOperation: Units;
  readonly firstOperationOfLongest: Units;
  /** The second one, which another process gets: the record is there. */
  readonly laterOperation: Units;
  /** The key check, and what it writes once an hour. */
  readonly keyCheck: Units;
  readonly keyCheckHourly: Units;
  /** Waves of calls that a request of 100 operations makes. */
  readonly rounds: readonly { readonly of: string; readonly rounds: number; readonly calls: number }[];
}

const LONGEST_ID = `z${'Z'.repeat(127)}`;
const HOURS_LATER = 2 * 60 * 60 * 1_000;

/** Measures single requests, each in a process that remembers nothing. */
export async function measureRequests(endpoint: string): Promise<RequestCosts> {
  const bench = await createTable(endpoint);
  const { customerId, rpRef, apiKey, userIds } = await addCustomer(bench.table, 400);
  const longest = { userId: LONGEST_ID, displayName: '漢'.repeat(200), registeredAt: BEGINNING };
  await transact(bench.table, { user: putUser(customerId, rpRef, longest) });
  const clock = createMovedClock();

  const keys = bench.metered();
  const checkKey = async () => {
    keys.meter.reset();
    const caller = await authenticateApiKey(withRememberedApiKeys(servicesOf(keys.table, clock)), apiKey);
    return { caller, units: keys.meter.units() };
  };
  const { caller, units: keyCheck } = await checkKey();
  const { table, meter } = bench.metered();
  const report = async (reported: readonly string[]) => {
    meter.reset();
    const services = withSeenUsers({ ...servicesOf(table, clock), calendar });
    const operations = reported.map((userId) => ({ userId, type: 'authentication' as const }));
    await reportOperations(services, caller, { operations }, BEGINNING);
    return { rounds: meter.rounds(), calls: meter.uses().reduce((total, { calls }) => total + calls, 0) };
  };
  const unitsOf = async (userId: string) => report([userId]).then(() => meter.units());

  const known = userIds.slice(0, 100);
  const unregistered = Array.from({ length: 25 }, (_, index) => `nobody-${index}`);
  const rounds = [
    { of: '100 new users', ...(await report(known)) },
    { of: '100 users with a record', ...(await report(known)) },
    {
      of: '50 with a record, 25 new, 25 not registered',
      ...(await report([...known.slice(0, 50), ...userIds.slice(100, 125), ...unregistered])),
    },
  ];
  const result = {
    firstOperation: await unitsOf(element(userIds, 200)),
    laterOperation: await unitsOf(element(userIds, 200)),
    firstOperationOfLongest: await unitsOf(LONGEST_ID),
    keyCheck,
    rounds,
  };
  clock.move(HOURS_LATER);
  const { units: keyCheckHourly } = await checkKey();
  bench.close();
  return { ...result, keyCheckHourly };
}
