import { dollars, reads, writes, type Units } from './units.ts';

/** A goal, and the measured value that meets or misses the goal. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
  /** The names of the measured subjects, such as bundles, that miss the goal. The worst subject is first. */
  readonly missedBy?: readonly string[];
}
type Row = Readonly<Record<string, number | string>>;
/** The report of one measurement. */
export interface Report {
  readonly title: string;
  /** The tables. Each table maps the name of a row to the row. */
  readonly tables: readonly Readonly<Record<string, Row>>[];
  readonly notes?: readonly string[];
  readonly goals?: readonly Goal[];
}

/** Prints the tables of a report. */
export function print({ title, tables, notes = [] }: Report): void {
  console.log(`\n${title}`);
  for (const table of tables) console.table(mapValues(table, (row) => mapValues(row, rounded)));
  for (const note of notes) console.log(note);
}

/**
 * Prints goals and whether they are met. For each missed goal, prints the names of at most 9 measured subjects that
 * missed the goal.
 */
export function printGoals(goals: readonly Goal[]): void {
  console.log('\nGoals');
  for (const { goal, measured, met, missedBy = [] } of goals) {
    console.log(`${met ? 'met   ' : 'MISSED'}  ${goal}: ${measured}`);
    for (const name of missedBy.slice(0, 9)) console.log(`          ${name}`);
    if (missedBy.length > 9) console.log(`          and ${missedBy.length - 9} more`);
  }
}

/**
 * Returns the cells of a table row about capacity units. The column `$` contains the price of the units, multiplied by
 * `count`.
 */
export const costs = (units: Units, count = 1) => ({
  'read units': reads(units),
  'write units': writes(units),
  $: dollars(units) * count,
});

/** Returns a number as text, rounded to a whole number, with thousands separators. */
export const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** Rounds a number below 1,000 to 4 decimal places, and any other number to a whole number. Returns text unchanged. */
const rounded = (value: number | string) =>
  typeof value === 'number' ? Number(value.toFixed(value < 1_000 ? 4 : 0)) : value;

const mapValues = <V, W>(object: Readonly<Record<string, V>>, map: (value: V) => W) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
