import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { listSummarizedCustomers } from '../functions/domain/operator/summary/list-summarized-customers.ts';
import { readSummaryPage } from '../functions/domain/operator/summary/read-summary.ts';
import { summarizeCustomers } from '../functions/domain/operator/summary/summarize-customers.ts';
import type { SummaryRow } from '../functions/domain/operator/summary/summary-row.ts';
import { operatorKey } from '../functions/table/keys.ts';
import { summaryLists, type SummaryList } from '../functions/table/operator-summary.ts';
import type { Table } from '../functions/table/engine/client.ts';
import type { Meter } from './meter.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { addOperatorsCustomers, randomPerson, usualPerson } from './setting/operators-customers.ts';
import { calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import { createRandom } from './setting/random.ts';
import { secondsOf } from './setting/statistics.ts';
import { dollars, NO_UNITS, reads, type Units } from './units.ts';

/** The read units that a page of the operators may consume, with those of the session and its operator. */
const MAX_PAGE = 8;
const SESSION = 2;
/** The time that a run has in AWS, in seconds. */
const MAX_SECONDS = 14.5 * 60;
/** The number of hours in a month: a run takes place every hour. */
const RUNS_A_MONTH = 730;

/** The consumption of the summary of a number of customers. */
interface Measured {
  /** A run that also deletes the rows of the former summary. */
  readonly run: Units;
  readonly seconds: number;
  /** The number of customers in the list by name, to show that the summary is complete. */
  readonly listed: number;
  /** The most expensive page of each list, and of a search whose first match begins a part of the list. */
  readonly pages: Readonly<Record<SummaryList | 'search', Units>>;
}

/** Measures the hourly summary of all customers, and the pages of the operators that read it. */
export async function benchOperatorSummary(endpoint: string, customers: number, seed: number): Promise<Report> {
  const measured = {
    'with usual names': await measureSummary(endpoint, customers, usualPerson(createRandom(seed))),
    'with random names of the maximum size': await measureSummary(
      endpoint,
      customers,
      randomPerson(createRandom(seed)),
    ),
  };
  return {
    title: `Operators' pages: the hourly summary of ${whole(customers)} customers`,
    tables: [
      Object.fromEntries(
        Object.entries(measured).map(([name, { run, seconds }]) => [
          name,
          { ...costs(run), '$ a month': dollars(run) * RUNS_A_MONTH, seconds },
        ]),
      ),
      Object.fromEntries(
        Object.entries(measured).map(([name, { pages }]) => {
          const [list, units] = mostExpensive(pages);
          return [`the most expensive page, ${name}: ${list}`, costs(units)];
        }),
      ),
    ],
    goals: Object.values(measured).flatMap((one) => judge(one, customers)),
  };
}

/** Returns the list with the most expensive page, and the units of this page. */
function mostExpensive(pages: Measured['pages']): readonly [string, Units] {
  return Object.entries(pages).toSorted(([, a], [, b]) => reads(b) - reads(a))[0] ?? ['none', NO_UNITS];
}

/** Returns the goals about the summary, and whether they are met. */
export function judge({ run, seconds, listed, pages }: Measured, customers: number): Goal[] {
  const [worst, most] = mostExpensive(pages);
  return [
    {
      goal: `operators' pages at ${whole(customers)} customers: at most ${MAX_PAGE} read units a page, with the session`,
      measured: `${reads(most) + SESSION} R (${worst})`,
      met: reads(most) + SESSION <= MAX_PAGE,
    },
    {
      goal: `operators' summary of ${whole(customers)} customers: complete, within ${whole(MAX_SECONDS)} s`,
      measured: `${whole(reads(run))} R, ${seconds.toFixed(1)} s`,
      met: listed === customers && seconds <= MAX_SECONDS,
    },
  ];
}

/** Measures the second of two runs on a new table, and reads every part of every list. */
export async function measureSummary(
  endpoint: string,
  customers: number,
  textsOf: Parameters<typeof addOperatorsCustomers>[2],
): Promise<Measured> {
  const bench = await createTable(endpoint);
  try {
    await addOperatorsCustomers(bench.table, customers, textsOf);
    const operator = operatorKey('bench@example.com');
    await bench.table.client.send(new PutCommand({ TableName: bench.table.name, Item: operator }));
    const clock = createMovedClock();
    const { table, meter } = bench.metered();
    const summarize = (run: string) => summarizeCustomers({ ...servicesOf(table, clock), calendar }, run, () => true);
    await summarize('first');
    clock.move(60 * 60 * 1_000);
    meter.reset();
    const seconds = await secondsOf(() => summarize('second'));
    const run = meter.units();
    const lists: [SummaryList, Awaited<ReturnType<typeof readList>>][] = [];
    for (const list of summaryLists) lists.push([list, await readList(table, meter, list)]);
    meter.reset();
    const second = lists.find(([list]) => list === 'name')?.[1].second;
    const found = await listSummarizedCustomers(
      { ...servicesOf(table, clock), calendar },
      { list: 'name', search: second },
    );
    if (found.items[0]?.name !== second) throw new Error('The search did not find the customer.');
    const search = meter.units();
    const pages = { ...Object.fromEntries(lists.map(([list, { most }]) => [list, most])), search } as Measured['pages'];
    return { run, seconds, listed: lists.find(([list]) => list === 'name')?.[1].rows ?? 0, pages };
  } finally {
    bench.close();
  }
}

/**
 * Reads a whole list. Returns the number of its rows, the units of the most expensive page, and the name of the first
 * customer of the second part.
 */
async function readList(table: Table, meter: Meter, list: SummaryList) {
  let [rows, most, position]: [number, Units, string | undefined] = [0, NO_UNITS, ''];
  const first: (string | undefined)[] = [];
  while (position !== undefined) {
    meter.reset();
    const page: Awaited<ReturnType<typeof readSummaryPage<SummaryRow>>> = await readSummaryPage(table, list, position);
    const units = meter.units();
    if (reads(units) > reads(most)) most = units;
    rows += page?.rows.length ?? 0;
    first.push(page?.rows[0]?.name);
    position = page?.next;
  }
  return { rows, most, second: first[1] };
}
