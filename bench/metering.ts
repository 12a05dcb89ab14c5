import { measureAggregator } from './aggregation.ts';
import { putEachTime } from './designs/put-each-time.ts';
import { readThenPut } from './designs/read-then-put.ts';
import { thisDesign } from './designs/this-design.ts';
import { transactionWithBoth, transactionWithOne } from './designs/transaction-each-time.ts';
import { measureOperations, USERS_A_BATCH, type Measured, type Scenario } from './operations.ts';
import type { Random } from './random.ts';
import type { Size } from './sizes.ts';
import type { Units } from './units.ts';

/** The hit rate that the goals are about, and at which the designs are compared. */
export const GOAL_HIT_RATE = 0.25;
const HIT_RATES = [0, GOAL_HIT_RATE, 0.8] as const;
const NEW_USERS = [1, USERS_A_BATCH, 100] as const;

/** What metering consumes, by design, hit rate and batch. */
export interface Metering {
  /** This design at each hit rate. */
  readonly hitRates: readonly Measured[];
  /** This design, (a), (b) and (c) at the goal's hit rate. */
  readonly designs: readonly Measured[];
  /** What a new active user costs the aggregator, by how many of them share a batch. */
  readonly aggregator: readonly { readonly newUsers: number; readonly perUser: Units }[];
  /** The same with many customers, each with one new user in the batch. */
  readonly tail: Units;
}

/** Measures all designs side by side, then the aggregator by itself. */
export async function measureMetering(
  endpoint: string,
  { users, rounds, tailCustomers, batches }: Pick<Size, 'users' | 'rounds' | 'tailCustomers' | 'batches'>,
  random: Random,
): Promise<Metering> {
  const scenarios: Scenario[] = [
    ...HIT_RATES.map((hitRate) => ({ design: thisDesign, hitRate })),
    ...[putEachTime, readThenPut, transactionWithBoth, transactionWithOne].map((design) => ({
      design,
      hitRate: GOAL_HIT_RATE,
    })),
  ];
  const measured = await measureOperations(endpoint, scenarios, { users, rounds, random });
  const aggregator = [];
  for (const newUsers of NEW_USERS) {
    const options = { customers: 1, usersABatch: newUsers, batches: newUsers > USERS_A_BATCH ? 2 : batches };
    aggregator.push({ newUsers, perUser: await measureAggregator(endpoint, options) });
  }
  return {
    hitRates: measured.slice(0, HIT_RATES.length),
    designs: measured.filter(({ hitRate }) => hitRate === GOAL_HIT_RATE),
    aggregator,
    tail: await measureAggregator(endpoint, { customers: tailCustomers, usersABatch: 1, batches: 1 }),
  };
}

/** Gives this design at the goal's hit rate. */
export function goalOf({ designs }: Metering): Measured {
  const [goal] = designs;
  if (!goal) throw new Error('This design was not measured.');
  return goal;
}
