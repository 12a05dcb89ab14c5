import { limitsOf, type BundleLimits } from './bundles.ts';
import { countingLines, operationLines, totalOf } from './costs.ts';
import { goalOf } from './metering.ts';
import type { Measured } from './operations.ts';
import { fixed, money } from './report.ts';
import type { Results } from './results.ts';
import { dollars, type Units } from './units.ts';

/** A goal of the issue, what was measured, and which of several missed it. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
  /** What missed it, the worst first. */
  readonly missedBy: readonly string[];
}

const MAX_DOLLARS = 0.1;
const MIN_RATIO = 6;
const MAX_ROUNDS = 3;
const MAX_VIEW = 4;
const MAX_DISCARDING = 1;

/** Gives what a million operations of a scenario cost with everything behind them, in dollars, at the least. */
export const dollarsAMillion = (measured: Measured) =>
  dollars(totalOf([...operationLines(measured), ...countingLines(measured)])) * 1e6;

/** Compares what was measured with the goals. */
export function judge(results: Results): Goal[] {
  return [...judgeMetering(results), ...judgeBundles(results)];
}

function judgeMetering({ metering, requests, views, discarding }: Results): Goal[] {
  const goal = dollarsAMillion(goalOf(metering));
  const putEachTime = metering.designs[1];
  const ratio = putEachTime ? dollarsAMillion(putEachTime) / goal : Number.NaN;
  const shared = metering.aggregator.find(({ newUsers }) => newUsers === 20)?.perUser.write ?? Number.NaN;
  const isOneEach = ({ read, write, indexRead, indexWrite }: Units) =>
    read === 1 && write === 1 && indexRead + indexWrite === 0;
  const { firstOperation, firstOperationOfLongest } = requests;
  const rounds = requests.rounds.toSorted((a, b) => b.rounds - a.rounds);
  const discarded = (discarding.units.write - discarding.empty.write) / discarding.items;
  const view = Math.max(...views.map(({ units }) => units.read + units.indexRead));
  return [
    {
      goal: `at most ${money(MAX_DOLLARS)} a million operations (25 % hits, 20 new users a counter and batch)`,
      measured: money(goal),
      met: goal <= MAX_DOLLARS,
      missedBy: [],
    },
    {
      goal: `at least ${MIN_RATIO} times under (a), a conditional put each time`,
      measured: `${fixed(ratio, 2)} times`,
      met: ratio >= MIN_RATIO,
      missedBy: [],
    },
    {
      goal: 'first operation of a user and month: 1 write, 1 read unit, and its share of the aggregator',
      measured: `${firstOperation.write} W, ${firstOperation.read} R, and ${fixed(shared, 2)} W`,
      met: isOneEach(firstOperation) && isOneEach(firstOperationOfLongest),
      missedBy: [],
    },
    {
      goal: `a request of 100 operations: at most ${MAX_ROUNDS} rounds of table calls behind the key check`,
      measured: `${rounds[0]?.rounds ?? 0} rounds`,
      met: rounds.every((request) => request.rounds <= MAX_ROUNDS),
      missedBy: rounds.filter((request) => request.rounds > MAX_ROUNDS).map(({ of }) => of),
    },
    {
      goal: `Customer view: at most ${MAX_VIEW} read units whatever the size of the customer`,
      measured: `${view} R`,
      met: view <= MAX_VIEW,
      missedBy: views
        .filter(({ units }) => units.read > MAX_VIEW)
        .map(({ customer, caller }) => `${customer}, ${caller}`),
    },
    {
      goal: `discarding: at most ${MAX_DISCARDING} write unit an item up to 1 KB outside the GSI, plus the reads`,
      measured: `${fixed(discarded, 3)} W`,
      met: discarded <= MAX_DISCARDING,
      missedBy: [],
    },
  ];
}

function judgeBundles({ bundles }: Results): Goal[] {
  const kilobytes = (bytes: number) => `${fixed(bytes / 1_000, 1)} KB`;
  const loads = bundles.flatMap(({ name, load }) => (load ? [{ name, ...load }] : []));
  // The one that is closest to what it may have, or the farthest beyond.
  const [largest] = bundles.toSorted((a, b) => b.bytes / limitsOf(b.name).bytes - a.bytes / limitsOf(a.name).bytes);
  const [slowest] = loads.sort((a, b) => b.median / limitsOf(b.name).load - a.median / limitsOf(a.name).load);
  const tooLarge = bundles.filter(({ name, bytes }) => bytes > limitsOf(name).bytes);
  const tooSlow = loads.filter(({ name, median }) => median > limitsOf(name).load);
  const all = (limit: keyof BundleLimits) => [limitsOf('operations')[limit], limitsOf('console')[limit]] as const;
  const [bytes, bytesWithPasskeys] = all('bytes');
  const [load, loadWithPasskeys] = all('load');
  return [
    {
      goal: `bundles, minified: at most ${kilobytes(bytes)}; ${kilobytes(bytesWithPasskeys)} with passkeys (of 1,000 bytes)`,
      measured: largest ? `${largest.name}: ${kilobytes(largest.bytes)}` : '',
      met: tooLarge.length === 0,
      missedBy: tooLarge.map((bundle) => `${bundle.name} ${kilobytes(bundle.bytes)}`),
    },
    {
      goal: `bundles load here in at most ${load} ms; ${loadWithPasskeys} ms with passkeys`,
      measured: slowest ? `${slowest.name}: ${fixed(slowest.median, 0)} ms, median` : '',
      met: tooSlow.length === 0,
      missedBy: tooSlow.map(
        ({ name, median, fastest }) => `${name} ${fixed(median, 0)} ms (fastest ${fixed(fastest, 0)})`,
      ),
    },
  ];
}
