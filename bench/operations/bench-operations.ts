import { putEachTime } from '../designs/put-each-time.ts';
import { readThenPut } from '../designs/read-then-put.ts';
import { thisDesign } from '../designs/this-design.ts';
import { transactionWithBoth, transactionWithOne } from '../designs/transaction-each-time.ts';
import { costs, whole, type Goal, type Report } from '../report.ts';
import type { Random } from '../setting/random.ts';
import { median } from '../setting/statistics.ts';
import type { Size } from '../sizes.ts';
import { dollars, dollarsAtMost, times, type Units } from '../units.ts';
import { measureAggregator } from './aggregation.ts';
import { aggregatorLines, allLines, countingLines, dollarsAMillion, keyLines, ownLines, totalOf } from './costs.ts';
import { measureOperations, USERS_A_BATCH, type Measured, type Scenario } from './operations.ts';
import { OPERATIONS_A_SECOND, OPERATIONS_A_USER, PROCESSES } from './schedule.ts';

/**
 * The cache hit rate at which the goals apply and at which the benchmark compares the designs. A hit is an operation
 * that reaches a process whose cache contains the user.
 */
const GOAL_HIT_RATE = 0.25;
const HIT_RATES = [0, GOAL_HIT_RATE, 0.8] as const;
const NEW_USERS = [1, USERS_A_BATCH, 100] as const;
const MAX_DOLLARS = 0.1;
const MIN_RATIO = 6;

/**
 * The measured costs of operations for several designs and hit rates, and of the aggregator for several batch sizes.
 * The aggregator is the Lambda function that adds new active users to the MAU counters.
 */
export interface Metering {
  /** The measurement of the service's design at the hit rate `GOAL_HIT_RATE`. */
  readonly goal: Measured;
  /** The measurements of the service's design at each of `HIT_RATES`. */
  readonly hitRates: readonly Measured[];
  /** The measurements of the designs (a), (b) and (c) at the hit rate `GOAL_HIT_RATE`. */
  readonly others: readonly Measured[];
  /** The units that the aggregator consumes for a new active user, by the number of new users in a batch. */
  readonly aggregator: readonly { readonly newUsers: number; readonly perUser: Units }[];
  /**
   * The units that the aggregator consumes for a new active user if each new user in a batch belongs to a different
   * customer.
   */
  readonly tail: Units;
}

/** Measures the operations of all designs in turn, and then the aggregator separately. */
export async function measureMetering(
  endpoint: string,
  { users, rounds, tailCustomers, batches }: Pick<Size, 'users' | 'rounds' | 'tailCustomers' | 'batches'>,
  random: Random,
): Promise<Metering> {
  const others = [putEachTime, readThenPut, transactionWithBoth, transactionWithOne];
  const scenarios: Scenario[] = [
    ...HIT_RATES.map((hitRate) => ({ design: thisDesign, hitRate })),
    ...others.map((design) => ({ design, hitRate: GOAL_HIT_RATE })),
  ];
  const measured = await measureOperations(endpoint, scenarios, { users, rounds, random });
  const hitRates = measured.slice(0, HIT_RATES.length);
  const goal = hitRates.find(({ hitRate }) => hitRate === GOAL_HIT_RATE);
  if (!goal) throw new Error('The hit rate of the goals was not measured.');
  const aggregator = [];
  for (const newUsers of NEW_USERS) {
    const options = { customers: 1, usersABatch: newUsers, batches: newUsers > USERS_A_BATCH ? 2 : batches };
    aggregator.push({ newUsers, perUser: await measureAggregator(endpoint, options) });
  }
  const tail = await measureAggregator(endpoint, { customers: tailCustomers, usersABatch: 1, batches: 1 });
  return { goal, hitRates, others: measured.slice(HIT_RATES.length), aggregator, tail };
}

/** Measures the costs of operations in the service's design and in other designs. */
export async function benchOperations(endpoint: string, size: Size, random: Random): Promise<Report> {
  const metering = await measureMetering(endpoint, size, random);
  const { goal } = metering;
  return {
    title: `Operations, ${OPERATIONS_A_USER} for each user and month, $ a million`,
    tables: [costLines(goal), compareDesigns(metering), compareHitRates(metering), compareBatches(metering)],
    notes: [
      `The first two tables are at 25 % hits, with ${USERS_A_BATCH} new users a counter and batch. ${PROCESSES} warm processes handle ${OPERATIONS_A_SECOND} operations`,
      `a second each, on a simulated clock: ${goal.keyChecks} key checks for ${whole(goal.operations)} operations.`,
      'Designs (a) and (c) do not check whether the user is registered. The check would add 0.5 read unit, $0.0625 a million.',
      '"At most" is the price if AWS charges a cancelled transaction for the items whose condition was true.',
      'Operations a second are wall time on this engine and machine, median of interleaved rounds: only the ratios hold',
      'on other machines. In AWS the transactions of (c) would also conflict on their counters and run again.',
      'Long tail: each record of a batch belongs to another customer, with one user in the month. Cold keys: in addition,',
      'the service checks the key of each operation, because the RP calls less often than every 10 s.',
    ],
    goals: judge(metering),
  };
}

/** Returns the goals about the costs of operations, and whether they are met. */
export function judge({ goal, others: [putEachTimeMeasured] }: Pick<Metering, 'goal' | 'others'>): Goal[] {
  const cost = dollarsAMillion(goal);
  const ratio = putEachTimeMeasured ? dollarsAMillion(putEachTimeMeasured) / cost : Number.NaN;
  return [
    {
      goal: `at most $${MAX_DOLLARS} a million operations (25 % hits, 20 new users a counter and batch)`,
      measured: `$${cost.toFixed(4)}`,
      met: cost <= MAX_DOLLARS,
    },
    {
      goal: `at least ${MIN_RATIO} times cheaper than (a), a conditional put each time`,
      measured: `${ratio.toFixed(2)} times`,
      met: ratio >= MIN_RATIO,
    },
  ];
}

const aMillion = (units: Units) => dollars(units) * 1e6;
const costsAMillion = (units: Units) => costs(units, 1e6);

/** Returns the costs of a million operations in the service's design: a row for each kind of cost, and the total. */
function costLines(goal: Measured) {
  const lines = allLines(goal);
  return Object.fromEntries(
    [...lines, { what: 'total', units: totalOf(lines) }].map(({ what, units }) => [what, costsAMillion(units)]),
  );
}

function compareDesigns({ goal, others }: Metering) {
  const row = (measured: Measured) => {
    const total = totalOf(allLines(measured));
    return {
      ...costsAMillion(total),
      '$ keys': aMillion(totalOf(keyLines(measured))),
      '$ counting': aMillion(totalOf(countingLines(measured))),
      '$ at most': dollarsAtMost(total) * 1e6,
      times: dollarsAMillion(measured) / dollarsAMillion(goal),
      'operations/s': median(measured.speeds),
      'with counting': measured.speedWithCounting,
      'times as fast': median(measured.speeds.map((each, round) => each / (goal.speeds[round] ?? 1))),
    };
  };
  return Object.fromEntries([goal, ...others].map((measured) => [measured.design.name, row(measured)]));
}

function compareHitRates({ goal, hitRates, aggregator, tail }: Metering) {
  const checkEachTime = { what: 'key check', units: times(goal.keyCheck, 1 / goal.keyChecks) };
  const row = (measured: Measured) => {
    const [keyCheck, lastUse] = keyLines(measured);
    const warm = [keyCheck, lastUse, ...ownLines(measured)];
    const cold = [checkEachTime, lastUse, ...ownLines(measured)];
    return {
      'reached %': measured.measuredHitRate * 100,
      ...Object.fromEntries(
        aggregator.map(({ newUsers, perUser }) => [
          `${newUsers} new`,
          aMillion(totalOf([...warm, ...aggregatorLines(perUser)])),
        ]),
      ),
      'long tail': aMillion(totalOf([...warm, ...aggregatorLines(tail)])),
      'and cold keys': aMillion(totalOf([...cold, ...aggregatorLines(tail)])),
      'operations/s': median(measured.speeds),
    };
  };
  return Object.fromEntries(hitRates.map((measured) => [`${measured.hitRate * 100} % hits`, row(measured)]));
}

/**
 * Returns the costs of the aggregator for each kind of batch: the units for each new user, and the dollars for a
 * million operations.
 */
function compareBatches({ aggregator, tail }: Metering) {
  const row = (perUser: Units) => ({ ...costs(perUser), $: aMillion(times(perUser, 1 / OPERATIONS_A_USER)) });
  return {
    ...Object.fromEntries(
      aggregator.map(({ newUsers, perUser }) => [`aggregator, ${newUsers} new of one RP a batch`, row(perUser)]),
    ),
    'aggregator, 1 new of each of many customers a batch': row(tail),
  };
}
