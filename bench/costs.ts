import { activeUserKey, userKey } from '../functions/table/keys.ts';
import type { Measured } from './operations.ts';
import { OPERATIONS_A_SECOND, OPERATIONS_A_USER } from './schedule.ts';
import { NO_UNITS, ofIndex, ofTable, sum, times, type Units } from './units.ts';

/** One line of what an operation costs. */
export interface CostLine {
  readonly what: string;
  /** Units an operation. */
  readonly units: Units;
}

const kindOf = (pk: string) => pk.split('#', 1)[0] ?? '';
const RECORD = kindOf(activeUserKey('rp', '2026-11', 'user').pk);
const USER = kindOf(userKey('rp', 'user').pk);
const NAMES: Readonly<Record<string, string>> = {
  [`BatchGetItem ${RECORD}`]: 'is there a record? (eventual read)',
  [`BatchGetItem ${USER}`]: 'is the user registered? (eventual read)',
  [`PutItem ${RECORD}`]: 'conditional put of the record',
  TransactWriteItems: 'transaction of record and counters',
};

/** A key's last use is written once an hour; one process then takes so many operations in that time. */
const OPERATIONS_AN_HOUR = OPERATIONS_A_SECOND * 60 * 60;

/** Gives what an operation of a scenario costs without the counting behind it. */
export function operationLines({ keyCheck, operations, uses }: Measured): CostLine[] {
  return [
    { what: 'key check (key, customer, RP; every 10 s and process)', units: times(keyCheck, 1 / operations) },
    { what: "key's last use (a write an hour)", units: { ...NO_UNITS, write: 1 / OPERATIONS_AN_HOUR } },
    ...uses.map(({ call, ...units }) => ({ what: NAMES[call] ?? call, units: times(unitsOf(units), 1 / operations) })),
  ];
}
const unitsOf = ({ read, write, indexRead, indexWrite, perhaps }: Units): Units => ({
  read,
  write,
  indexRead,
  indexWrite,
  perhaps,
});

/** Gives what the counting behind an operation costs, as it was measured with the scenario's own records. */
export function countingLines({ aggregation, operations }: Measured): CostLine[] {
  if (!aggregation) return [];
  return linesOf(times(aggregation.units, 1 / operations));
}

/** Gives what the counting behind an operation costs at another number of users a batch, by what a user then costs. */
export function aggregatorLines(perUser: Units): CostLine[] {
  return linesOf(times(perUser, 1 / OPERATIONS_A_USER));
}

const linesOf = (units: Units): CostLine[] => [
  { what: 'aggregator (transaction, checkpoint, customers)', units: ofTable(units) },
  { what: 'GSI (counting leaves it as it is)', units: ofIndex(units) },
];

/** Adds lines up. */
export const totalOf = (lines: readonly CostLine[]): Units => sum(...lines.map(({ units }) => units));
