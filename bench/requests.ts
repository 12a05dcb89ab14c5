import { withRememberedApiKeys, authenticateApiKey } from '../functions/domain/rps/authenticate-api-key.ts';
import { reportOperations, withSeenUsers } from '../functions/domain/metering/report-operations.ts';
import { putUser } from '../functions/table/users/users.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import { costs, type Goal, type Report } from './report.ts';
import { element } from './setting/element.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import type { Units } from './units.ts';

/**
 * The capacity units of single requests that report operations, and the number of table calls that these requests make.
 */
export interface RequestCosts {
  readonly keyCheck: Units;
  /** The units of an API key check that also writes the time of the key's last use. */
  readonly keyCheckHourly: Units;
  /**
   * The units of the first operation of a user in a month, and of the first operation of a user whose ID and name have
   * the maximum length.
   */
  readonly firstOperation: Units;
  readonly firstOperationOfLongest: Units;
  /**
   * The units of a user's second operation in the month, handled by a process whose cache does not contain the user.
   */
  readonly laterOperation: Units;
  /**
   * For requests of 100 operations, the number of table calls and the number of rounds. Each round of calls begins
   * after a call of the previous round has ended.
   */
  readonly rounds: Readonly<Record<string, { readonly rounds: number; readonly calls: number }>>;
}

/** A request needs the fourth round only if it names users who are not registered. */
const MAX_ROUNDS = 4;
const LONGEST_ID = `z${'Z'.repeat(127)}`;
const HOURS_LATER = 2 * 60 * 60 * 1_000;

/**
 * Measures single requests, each in a process with an empty cache. The units of an operation do not include the check
 * of the API key.
 */
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
  const rounds = {
    '100 new users': await report(known),
    '100 users with a record': await report(known),
    '50 users with a record, 25 new users, 25 users not registered': await report([
      ...known.slice(0, 50),
      ...userIds.slice(100, 125),
      ...unregistered,
    ]),
  };
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

/** Reports the costs of single requests. */
export async function benchRequests(endpoint: string): Promise<Report> {
  const requests = await measureRequests(endpoint);
  return {
    title: 'Single requests. A later operation of the user in the same process consumes no units',
    tables: [
      {
        'key check': costs(requests.keyCheck),
        'key check that writes the last use, once an hour': costs(requests.keyCheckHourly),
        'first operation of a user in a month': costs(requests.firstOperation),
        '… with the longest user ID and display name': costs(requests.firstOperationOfLongest),
        'later operation, another process': costs(requests.laterOperation),
      },
      requests.rounds,
    ],
    notes: [
      'If a replica does not have a new user yet, the service reads once more before the put. This fourth round never happens',
      'on this engine.',
    ],
    goals: judge(requests),
  };
}

/** Returns the goals about single requests, and whether they are met. */
export function judge({ firstOperation, firstOperationOfLongest, rounds }: RequestCosts): Goal[] {
  const isOneEach = ({ read, write, indexRead, indexWrite }: Units) =>
    read === 1 && write === 1 && indexRead + indexWrite === 0;
  const tooMany = Object.entries(rounds).filter(([, request]) => request.rounds > MAX_ROUNDS);
  return [
    {
      goal: 'first operation of a user in a month: 1 write unit and 1 read unit, without the units of the aggregator',
      measured: `${firstOperation.write} W, ${firstOperation.read} R`,
      met: isOneEach(firstOperation) && isOneEach(firstOperationOfLongest),
    },
    {
      goal: `a request of 100 operations: at most ${MAX_ROUNDS} rounds of table calls after the key check`,
      measured: `${Math.max(...Object.values(rounds).map((request) => request.rounds))} rounds`,
      met: tooMany.length === 0,
      missedBy: tooMany.map(([name]) => name),
    },
  ];
}
