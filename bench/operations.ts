import { authenticateApiKey, withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import { countActiveUsers } from '../functions/table/active-users.ts';
import { aggregate, checkCounters, type Aggregation } from './aggregation.ts';
import type { Design, Report } from './designs/design.ts';
import { element } from './element.ts';
import type { Meter, Use } from './meter.ts';
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
} from './population.ts';
import type { Random } from './random.ts';
import { OPERATIONS_A_SECOND, PROCESSES, schedule, type Scheduled } from './schedule.ts';
import { readStream } from './stream.ts';
import type { Units } from './units.ts';

/** A design, and which share of the operations is to meet a user that the process has seen. */
export interface Scenario {
  readonly design: Design;
  readonly hitRate: number;
}
/** What a scenario's operations consumed and how long they took. */
export interface Measured extends Scenario {
  readonly operations: number;
  /** Users, each of them new in the month. */
  readonly users: number;
  /** The share of operations that made no call behind the key check. */
  readonly measuredHitRate: number;
  readonly keyCheck: Units;
  readonly keyChecks: number;
  readonly uses: readonly Use[];
  readonly aggregation: Aggregation | undefined;
  /** Operations a second of each round, and over all with the counting that is done behind them. */
  readonly speeds: readonly number[];
  readonly speedWithCounting: number;
}

/** New users a counter and batch in which the scenarios' records are aggregated. */
export const USERS_A_BATCH = 20;

/** Everything of one scenario: a table, its one customer, its warm processes. */
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
 * Runs scenarios side by side: a round is a slice of each one's operations, in turn, so that whatever else the machine
 * does hits all of them. Afterwards the aggregator counts, and counters and records are compared with the users.
 */
export async function measureOperations(
  endpoint: string,
  scenarios: readonly Scenario[],
  { users, rounds, random }: { users: number; rounds: number; random: Random },
): Promise<Measured[]> {
  const runs: Run[] = [];
  for (const scenario of scenarios) runs.push(await prepare(endpoint, scenario, users, random));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of random.shuffled(runs)) await runRound(run, round, rounds);
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
  const records = await countActiveUsers(bench.table, customer.rpRef, MONTH);
  if (records !== users) throw new Error(`${design.name}: ${records} records of ${users} users.`);
  await checkCounters(bench, customer, users, design.counting === 'itself-rp-only' ? 0 : users);
  bench.close();

  const operations = waves.flat().length;
  const seconds = rounds.reduce((total, round) => total + round.seconds, 0);
  return {
    design,
    hitRate,
    operations,
    users,
    measuredHitRate: 1 - firstCalls(uses) / operations,
    keyCheck: run.keyChecks.units(),
    keyChecks: Math.max(0, ...keyChecks.map(({ calls }) => calls)),
    uses,
    aggregation,
    speeds: rounds.map((round) => round.operations / round.seconds),
    speedWithCounting: operations / (seconds + (aggregation?.seconds ?? 0)),
  };
}

/** How many operations made a call: each one's first call is the design's most frequent one. */
const firstCalls = (uses: readonly Use[]) => Math.max(0, ...uses.map(({ calls }) => calls));
