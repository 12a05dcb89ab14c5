import { authenticateApiKey, withRememberedApiKeys } from '../../functions/domain/rps/authenticate-api-key.ts';
import { countActiveUsers } from '../../functions/table/metering/active-users.ts';
import { aggregate, checkCounters, type Aggregation } from './aggregation.ts';
import type { Design, Report } from '../designs/design.ts';
import { element } from '../setting/element.ts';
import type { Meter, Use } from '../meter.ts';
import {
  addCustomer,
  calendar,
  createMovedClock,
  createTable,
  MONTH,
  servicesOf,
  type BenchCustomer,
  type BenchTable,
  type MovedClock,
} from '../setting/population.ts';
import type { Random } from '../setting/random.ts';
import { OPERATIONS_A_SECOND, PROCESSES, schedule, type Scheduled } from './schedule.ts';
import { readStream } from './stream.ts';
import type { Units } from '../units.ts';

/**
 * A design and a hit rate. The hit rate is the share of operations that reach a process whose cache contains the user.
 */
export interface Scenario {
  readonly design: Design;
  readonly hitRate: number;
}
/** The measured capacity units and speed of a scenario's operations. */
export interface Measured extends Scenario {
  readonly operations: number;
  /** The share of operations that made no table call after the check of the API key. */
  readonly measuredHitRate: number;
  /** The capacity units that all API key checks together consumed. */
  readonly keyCheck: Units;
  readonly keyChecks: number;
  readonly uses: readonly Use[];
  readonly aggregation: Aggregation | undefined;
  /** The number of operations per second in each round. */
  readonly speeds: readonly number[];
  /** The number of operations per second over all rounds. The measured time includes the aggregator's time. */
  readonly speedWithCounting: number;
}

/**
 * The number of new users in each batch of active-user records that the aggregator counts for a scenario. The
 * aggregator is the Lambda function that adds new active users to the MAU counters.
 */
export const USERS_A_BATCH = 20;

/** The state of one scenario, such as its table, the only customer of the table and the warm processes. */
interface Run extends Scenario {
  readonly bench: BenchTable;
  readonly customer: BenchCustomer;
  readonly clock: MovedClock;
  readonly waves: readonly Scheduled[][];
  readonly keyChecks: Meter;
  readonly operations: Meter;
  readonly processes: readonly ((user: string) => ReturnType<Report>)[];
  readonly rounds: { operations: number; seconds: number }[];
}

/**
 * Runs the scenarios in rounds. Each round runs a part of the operations of each scenario, so that other work on the
 * machine slows all scenarios equally. After the last round, the aggregator counts the active-user records. Throws when
 * the number of active-user records or an MAU counter is wrong.
 */
export async function measureOperations(
  endpoint: string,
  scenarios: readonly Scenario[],
  { users, rounds, random }: { users: number; rounds: number; random: Random },
): Promise<Measured[]> {
  const runs: Run[] = [];
  for (const scenario of scenarios) runs.push(await prepare(endpoint, scenario, users, random));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of random.shuffle(runs)) await runRound(run, round, rounds);
  }
  const measured: Measured[] = [];
  for (const run of runs) measured.push(await finish(run));
  return measured;
}

async function prepare(endpoint: string, { design, hitRate }: Scenario, users: number, random: Random): Promise<Run> {
  const bench = await createTable(endpoint);
  const customer = await addCustomer(bench.table, users);
  const clock = createMovedClock();
  const keyChecks = bench.metered();
  const operations = bench.metered();
  const startProcess = () => {
    const keys = withRememberedApiKeys(servicesOf(keyChecks.table, clock));
    const report = design.startProcess({ ...servicesOf(operations.table, clock), calendar });
    return async (userId: string) =>
      report(await authenticateApiKey(keys, customer.apiKey), { userId, occurredAt: clock.now() });
  };
  return {
    design,
    hitRate,
    bench,
    customer,
    clock,
    waves: schedule(users, hitRate, random),
    keyChecks: keyChecks.meter,
    operations: operations.meter,
    processes: Array.from({ length: PROCESSES }, startProcess),
    rounds: [],
  };
}

async function runRound({ waves, processes, customer, clock, rounds }: Run, round: number, of: number): Promise<void> {
  const slice = waves.slice((round * waves.length) / of, ((round + 1) * waves.length) / of);
  const start = performance.now();
  for (const wave of slice) {
    await Promise.all(wave.map(({ user, process }) => element(processes, process)(element(customer.userIds, user))));
    clock.move((wave.length * 1_000) / (OPERATIONS_A_SECOND * PROCESSES));
  }
  rounds.push({ operations: slice.flat().length, seconds: (performance.now() - start) / 1_000 });
}

async function finish(run: Run): Promise<Measured> {
  const { design, hitRate, bench, customer, waves, rounds } = run;
  const users = customer.userIds.length;
  const uses = run.operations.uses();
  const keyChecks = run.keyChecks.uses();
  const aggregation =
    design.counting === 'aggregator' ? await aggregate(bench, await readStream(bench), USERS_A_BATCH) : undefined;
  const { mau: records } = await countActiveUsers(bench.table, customer.rpRef, MONTH);
  if (records !== users) throw new Error(`${design.name}: ${records} records of ${users} users.`);
  await checkCounters(bench, customer, users, design.counting === 'itself-rp-only' ? 0 : users);
  bench.close();

  const operations = waves.flat().length;
  const seconds = rounds.reduce((total, round) => total + round.seconds, 0);
  return {
    design,
    hitRate,
    operations,
    measuredHitRate: 1 - firstCalls(uses) / operations,
    keyCheck: run.keyChecks.units(),
    keyChecks: Math.max(0, ...keyChecks.map(({ calls }) => calls)),
    uses,
    aggregation,
    speeds: rounds.map((round) => round.operations / round.seconds),
    speedWithCounting: operations / (seconds + (aggregation?.seconds ?? 0)),
  };
}

/**
 * Returns the number of operations that made at least one table call. Each of these operations began with a call of the
 * same kind, and made only one call of this kind. So there are as many of these operations as calls of this kind, and
 * no other kind has more calls.
 */
const firstCalls = (uses: readonly Use[]) => Math.max(0, ...uses.map(({ calls }) => calls));
