import { aggregatorLines, countingLines, operationLines, totalOf, type CostLine } from './costs.ts';
import { dollarsAMillion } from './goals.ts';
import { goalOf } from './metering.ts';
import type { Measured } from './operations.ts';
import { fixed, money, notes, percent, section, table, whole } from './report.ts';
import type { Results } from './results.ts';
import { OPERATIONS_A_SECOND, OPERATIONS_A_USER, PROCESSES } from './schedule.ts';
import { median } from './statistics.ts';
import { dollars, dollarsAtMost, sum, times, type Units } from './units.ts';

const units = (count: number) => fixed(count, 4);
const aMillion = (each: Units) => money(dollars(each) * 1e6);
const read = (each: Units) => each.read + each.indexRead;
const write = (each: Units) => each.write + each.indexWrite;

/** What one operation costs in this design, line by line. */
export function goalSection({ metering, recount }: Results): string {
  const goal = goalOf(metering);
  const lines = [...operationLines(goal), ...countingLines(goal)];
  const row = ({ what, units: each }: CostLine) => [what, units(read(each)), units(write(each)), aMillion(each)];
  const monthly = (what: string, each: Units) => [what, whole(read(each)), whole(write(each)), money(dollars(each))];
  return section(
    'This design at 25 % hits, 20 new users a counter and batch',
    table(
      ['an operation', 'read units', 'write units', '$ a million'],
      [...lines.map(row), row({ what: 'total', units: totalOf(lines) })],
    ),
    table(
      ['recount, 30 days with one open month (not in the total)', 'read units', 'write units', '$ a month'],
      [
        monthly('the service, without any customer', recount.service),
        monthly('each customer', recount.customer),
        monthly('each RP', recount.rp),
        monthly('each million active-user records, all month', recount.millionRecords),
      ],
    ),
  );
}

/** This design and the others, by cost and by speed. */
export function designsSection({ metering }: Results): string {
  const goal = goalOf(metering);
  const least = dollarsAMillion(goal);
  const cost = (measured: Measured) => {
    const lines = [...operationLines(measured), ...countingLines(measured)];
    const total = totalOf(lines);
    const [keyCheck = 0, ...others] = lines.slice(0, 2).map((line) => dollars(line.units));
    const counting = dollars(totalOf(countingLines(measured)));
    const most = dollarsAtMost(total) * 1e6;
    return [
      measured.design.name,
      units(read(total)),
      units(write(total)),
      money((keyCheck + (others[0] ?? 0)) * 1e6),
      measured.aggregation ? money(counting * 1e6) : 'in it',
      money(dollars(total) * 1e6),
      total.perhaps > 0 ? money(most) : '',
      `×${fixed((dollars(total) * 1e6) / least, 2)}`,
    ];
  };
  const ratioTo = (measured: Measured) =>
    median(measured.speeds.map((speed, round) => speed / (goal.speeds[round] ?? 1)));
  const speed = (measured: Measured) => [
    measured.measuredHitRate > 0 || measured.hitRate === 0
      ? `${measured.design.name}, ${percent(measured.measuredHitRate)} hits`
      : measured.design.name,
    whole(median(measured.speeds)),
    whole(measured.speedWithCounting),
    `×${fixed(ratioTo(measured), 2)}`,
  ];
  return section(
    `Designs, ${OPERATIONS_A_USER} operations a user and month, 25 % of them at a process that has seen the user`,
    table(
      ['design', 'read/op', 'write/op', '$ keys', '$ counting', '$ a million', 'at most', 'ratio'],
      metering.designs.map(cost),
    ),
    notes(
      '(a) and (c) do not look whether the user is registered; with it they would read 0.5 unit, $0.0625 a million, more.',
      '"At most": if AWS charges a cancelled transaction for the items whose condition was true. The ratio is to the least.',
    ),
    table(
      ['operations a second', 'reported', 'and counted', 'ratio'],
      [...metering.hitRates, ...metering.designs.slice(1)].map(speed),
    ),
    notes(
      'Wall time on this engine and machine, median of interleaved rounds: only the ratios mean something elsewhere. In AWS the',
      'transactions of (c) would also meet on their counters and be tried again; here they never do.',
    ),
  );
}

/** Dollars by hit rate and by how many new users share a write of the aggregator. */
export function matrixSection({ metering, requests }: Results): string {
  const { hitRates, aggregator, tail } = metering;
  const total = (measured: Measured, counting: readonly CostLine[]) =>
    aMillion(totalOf([...operationLines(measured), ...counting]));
  const everyKey = (measured: Measured): CostLine[] => [
    ...operationLines(measured).slice(1),
    { what: 'a key check for each operation', units: requests.keyCheck },
    ...aggregatorLines(tail),
  ];
  const tailRow = (what: string, cost: Units) => [
    what,
    units(read(cost)),
    units(write(cost)),
    aMillion(times(cost, 1 / OPERATIONS_A_USER)),
  ];
  return section(
    'This design by hit rate and batch, $ a million operations',
    table(
      ['hits meant', 'reached', ...aggregator.map(({ newUsers }) => `${newUsers} new`), 'long tail', 'and cold keys'],
      hitRates.map((measured) => [
        percent(measured.hitRate),
        percent(measured.measuredHitRate),
        ...aggregator.map(({ perUser }) => total(measured, aggregatorLines(perUser))),
        total(measured, aggregatorLines(tail)),
        aMillion(totalOf(everyKey(measured))),
      ]),
    ),
    notes(
      'Long tail: every record of a batch is of another customer, with one user in the month. Cold keys: and each',
      "operation's key has to be checked, since its customer calls less than every 10 s.",
    ),
    table(
      ['aggregator, a new user', 'read units', 'write units', '$ a million ops'],
      [
        ...aggregator.map(({ newUsers, perUser }) =>
          tailRow(`${newUsers} new ${newUsers === 1 ? 'user' : 'users'} of one RP a batch`, perUser),
        ),
        tailRow('1 new user of each of many customers a batch', tail),
      ],
    ),
  );
}

/** What single requests consume. */
export function requestsSection({ requests, views, metering }: Results): string {
  const { keyCheck, keyCheckHourly, firstOperation, firstOperationOfLongest, laterOperation } = requests;
  const row = (what: string, each: Units) => [what, String(read(each)), String(write(each))];
  const goal = goalOf(metering);
  return section(
    'Single requests',
    table(
      ['request', 'read units', 'write units'],
      [
        row('key check', keyCheck),
        row('key check that writes the last use, hourly', keyCheckHourly),
        row('first operation of a user and month', firstOperation),
        row('… with the longest user ID and display name', firstOperationOfLongest),
        row('later operation, another process', laterOperation),
        row('later operation, same process', times(laterOperation, 0)),
        ...views.map(({ customer, caller, units: each }) => row(`Customer view, ${customer}, for ${caller}`, each)),
      ],
    ),
    table(
      ['100 operations', 'rounds', 'calls'],
      requests.rounds.map(({ of, rounds, calls }) => [of, rounds, calls]),
    ),
    notes(
      `${PROCESSES} warm processes, ${OPERATIONS_A_SECOND} operations a second each, by a clock that is moved: ${goal.keyChecks} key checks for ${whole(goal.operations)} operations.`,
      'A user whom a replica has not seen yet is read once more before the put: a fourth round, which this engine never has.',
    ),
  );
}

/** What the runs consume that look for exceeded thresholds. */
export function alertRunsSection({ alertRuns }: Results): string {
  const { customers, enabled, exceeding, populated, runs } = alertRuns;
  return section(
    `Alert run: ${whole(customers)} customers, the MAU alert of ${whole(enabled)} is on, ${whole(exceeding)} exceed their threshold`,
    table(
      ['run', 'read units', 'write units', 'calls', 'seconds here', '$ a run', '$ a month'],
      runs.map(({ what, units: each, calls, seconds, aMonth }) => [
        what,
        whole(read(each)),
        whole(write(each)),
        whole(calls),
        fixed(seconds, 1),
        money(dollars(each)),
        money(dollars(each) * aMonth),
      ]),
    ),
    notes(
      `$ a month: a run each 5 minutes in 30 days, and once that of a threshold for each who exceeds it. Populated in ${fixed(populated, 0)} s; no time for SES.`,
    ),
  );
}

/** What discarding a customer takes. */
export function discardingSection({ discarding }: Results): string {
  const { items, units, empty, seconds } = discarding;
  const row = (what: string, each: Units) => [what, fixed(read(each), 3), fixed(write(each), 3), money(dollars(each))];
  return section(
    `Discarding a customer of ${whole(items)} active-user records, with one RP`,
    table(
      ['', 'read units', 'write units', '$'],
      [
        row('a customer without records: its partitions looked through', empty),
        row('all', units),
        row('an item', times(sum(units, times(empty, -1)), 1 / items)),
      ],
    ),
    notes(`${whole(items / seconds)} items a second here, all steps one after the other in one process.`),
  );
}

/** What closing a month takes. */
export function closingSection({ closing }: Results): string {
  const { idle, empty, large, records, seconds, populatingSeconds } = closing;
  const row = (what: string, each: Units) => [what, fixed(read(each), 1), fixed(write(each), 1), money(dollars(each))];
  const million = 1_000_000;
  const perMillion = times(sum(large, times(empty, -1)), million / records);
  return section(
    'Closing a month of one customer with one RP',
    table(
      ['run', 'read units', 'write units', '$'],
      [
        row('nothing is due', idle),
        row('without active-user records', empty),
        row(`with ${whole(records)} of them`, large),
        ...(records === million ? [] : [row(`each ${whole(million)}, by what these took`, perMillion)]),
      ],
    ),
    notes(
      `It took ${fixed(seconds, 1)} s here, and putting the records there ${fixed(populatingSeconds, 0)} s.`,
      ...(records < million
        ? [`Measured with ${whole(records)} records, not with a million: "npm run bench -- --full" does that.`]
        : []),
    ),
  );
}
