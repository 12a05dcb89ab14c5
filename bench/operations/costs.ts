import { activeUserKey, userKey } from '../../functions/table/keys.ts';
import { dollars, NO_UNITS, sum, times, type Units } from '../units.ts';
import type { Measured } from './operations.ts';
import { OPERATIONS_A_SECOND, OPERATIONS_A_USER } from './schedule.ts';

/** One part of the cost of an operation, such as the API key check. */
export interface CostLine {
  readonly what: string;
  /** The capacity units per operation for this part. */
  readonly units: Units;
}

const kindOf = ({ pk }: { pk: string }) => pk.split('#', 1)[0] ?? '';
const RECORD = kindOf(activeUserKey('rp', '2026-11', 'user'));
const USER = kindOf(userKey('rp', 'user'));
const NAMES: Readonly<Record<string, string>> = {
  [`BatchGetItem ${RECORD}`]: 'is there a record? (eventually consistent read)',
  [`BatchGetItem ${USER}`]: 'is the user registered? (eventually consistent read)',
  [`PutItem ${RECORD}`]: 'conditional put of the record',
  TransactWriteItems: 'transaction of record and counters',
};

/**
 * The number of operations that one process handles per hour. These operations share one write of the time of the API
 * key's last use, because the service writes this time at most once per hour.
 */
const OPERATIONS_AN_HOUR = OPERATIONS_A_SECOND * 60 * 60;

/** Returns a line for the API key check, and a line for storing the time of the API key's last use. */
export const keyLines = ({ keyCheck, operations }: Measured): [CostLine, CostLine] => [
  { what: 'key check (key, customer, RP; every 10 s in each process)', units: times(keyCheck, 1 / operations) },
  { what: "key's last use (a write an hour)", units: { ...NO_UNITS, write: 1 / OPERATIONS_AN_HOUR } },
];

/**
 * Returns the costs of an operation in a scenario, without the API key check and the counting: a line for each kind of
 * table call.
 */
export const ownLines = ({ operations, uses }: Measured): CostLine[] =>
  uses.map((use) => ({ what: NAMES[use.call] ?? use.call, units: times(use, 1 / operations) }));

/**
 * Returns the costs of counting active users, for each operation. The costs are the units that the aggregator, the
 * Lambda function that updates the MAU counters, consumed for the scenario's active-user records. Returns no lines for
 * a design whose own code updates the counters.
 */
export const countingLines = ({ aggregation, operations }: Measured): CostLine[] =>
  aggregation ? linesOf(times(aggregation.units, 1 / operations)) : [];

/** Returns the costs of counting, for each operation, if the aggregator consumes the units `perUser` per new user. */
export const aggregatorLines = (perUser: Units): CostLine[] => linesOf(times(perUser, 1 / OPERATIONS_A_USER));

const linesOf = (units: Units): CostLine[] => [
  { what: 'aggregator (transaction, checkpoint, customers)', units: { ...units, indexRead: 0, indexWrite: 0 } },
  {
    what: 'GSI (counting does not change it)',
    units: { ...NO_UNITS, indexRead: units.indexRead, indexWrite: units.indexWrite },
  },
];

/** Returns all costs of an operation in a scenario. */
export const allLines = (measured: Measured) => [
  ...keyLines(measured),
  ...ownLines(measured),
  ...countingLines(measured),
];

/** Returns the sum of the units of all lines. */
export const totalOf = (lines: readonly CostLine[]): Units => sum(...lines.map(({ units }) => units));
/** Returns the lowest price that AWS can charge for a million operations in a scenario, in dollars. */
export const dollarsAMillion = (measured: Measured) => dollars(totalOf(allLines(measured))) * 1e6;
