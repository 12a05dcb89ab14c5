import { authenticateApiKey, withRememberedApiKeys } from '../../functions/domain/rps/authenticate-api-key.ts';
import { measureAggregator } from '../operations/aggregation.ts';
import { OPERATIONS_A_USER } from '../operations/schedule.ts';
import type { Report } from '../report.ts';
import { addCustomer, createMovedClock, createTable, servicesOf } from '../setting/population.ts';
import { dollars, times, type Units } from '../units.ts';
import type { HandlerCosts, RequestBytes } from './handler-cpu.ts';
import type { SignInCosts } from './sign-in-costs.ts';

/** List prices of us-east-1 in dollars; see the table at the end of docs/cost.md. */
const PRICE = {
  apiGatewayAMillion: 1,
  lambdaAMillion: 0.2,
  lambdaAGbSecond: 0.000_013_333_4,
  logsAGb: 0.5,
  transferAGb: 0.09,
} as const;
/** The memory of a function in GB, and how long a request takes in seconds. Nobody has measured the time in AWS. */
const LAMBDA = { gb: 0.5, seconds: 0.012 } as const;
/**
 * The bytes of the log line that API Gateway writes for a request, and the number of all its log lines. Lambda itself
 * writes none for an invocation that succeeds.
 */
const OTHER_LOG_LINES = { bytes: 220, lines: 2 } as const;
/** The bytes that CloudWatch adds to each log line. */
const LOG_OVERHEAD = 26;

/** The units that a sign-in causes outside its own handlers. */
export interface SharedUnits {
  /** A check of the API key in a process that has not checked it for 10 seconds. */
  readonly keyCheck: Units;
  /** Counting a new active user, when a batch of the aggregator contains only this user. */
  readonly newActiveUser: Units;
}

/** Measures the units that sign-ins share with other requests. */
export async function measureShared(endpoint: string): Promise<SharedUnits> {
  const bench = await createTable(endpoint);
  const { apiKey } = await addCustomer(bench.table, 0);
  const { table, meter } = bench.metered();
  await authenticateApiKey(withRememberedApiKeys(servicesOf(table, createMovedClock())), apiKey);
  const keyCheck = meter.units();
  bench.close();
  const newActiveUser = await measureAggregator(endpoint, { customers: 1, usersABatch: 1, batches: 1 });
  return { keyCheck, newActiveUser };
}

/**
 * Reports what a million sign-ins cost with everything that each of them causes: one call is only the request that
 * finishes the sign-in, and two calls are the options and the finish. Every request checks the API key in the table,
 * as for an RP that calls less often than every 10 seconds.
 */
export function reportAllIncluded(designs: SignInCosts, { bytes }: HandlerCosts, shared: SharedUnits): Report {
  const { unnamed, named } = designs;
  const finish = times(unnamed.finish, 1 / unnamed.signIns);
  const columns = {
    'one call': columnOf([bytes.finish], [finish], shared),
    'two calls, unnamed': columnOf(
      [bytes.options, bytes.finish],
      [times(unnamed.options, 1 / unnamed.signIns), finish],
      shared,
    ),
    'two calls, named': columnOf(
      [bytes.options, bytes.finish],
      [times(named.options, 1 / named.signIns), times(named.finish, 1 / named.signIns)],
      shared,
    ),
  };
  const rows = Object.keys(columns['one call']).map((row) => [
    row,
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[row] ?? 0])),
  ]);
  return {
    title: 'Sign-ins, all included, $ a million',
    tables: [Object.fromEntries(rows) as Record<string, Record<string, number>>],
    notes: [
      `Each request takes ${LAMBDA.seconds * 1_000} ms in Lambda, which is a guess. Every API key check reads the table, and each batch of the`,
      'aggregator contains one new user.',
    ],
  };
}

function columnOf(
  requests: readonly RequestBytes[],
  units: readonly Units[],
  { keyCheck, newActiveUser }: SharedUnits,
): Record<string, number> {
  const calls = requests.length;
  const bytesOf = (each: (bytes: RequestBytes) => number) => requests.reduce((sum, bytes) => sum + each(bytes), 0);
  const logBytes = bytesOf(({ log }) => log + OTHER_LOG_LINES.bytes + OTHER_LOG_LINES.lines * LOG_OVERHEAD);
  const parts = {
    'API Gateway': calls * PRICE.apiGatewayAMillion,
    Lambda: calls * (PRICE.lambdaAMillion + LAMBDA.gb * LAMBDA.seconds * PRICE.lambdaAGbSecond * 1e6),
    'CloudWatch: logs': (logBytes / 1e3) * PRICE.logsAGb,
    'data transfer to the internet': (bytesOf(({ answer }) => answer) / 1e3) * PRICE.transferAGb,
    'DynamoDB: the sign-in': units.reduce((sum, each) => sum + dollars(each), 0) * 1e6,
    'DynamoDB: key check': calls * dollars(keyCheck) * 1e6,
    'DynamoDB: aggregator': (dollars(newActiveUser) * 1e6) / OPERATIONS_A_USER,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}
