import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startEngine } from '../local/aws/engine.ts';
import { bundlesSection, handlersSection, rulesSection } from './function-sections.ts';
import { judge, type Goal } from './goals.ts';
import {
  alertRunsSection,
  closingSection,
  designsSection,
  discardingSection,
  goalSection,
  matrixSection,
  requestsSection,
} from './metering-sections.ts';
import { createRandom } from './random.ts';
import { fixed, notes, section, table } from './report.ts';
import { measure, type Results } from './results.ts';
import { sizes, type Size } from './sizes.ts';

/**
 * `npm run bench`: measures what the service consumes and how long it takes, on the embedded engine, and says which goals
 * are met. Options behind `--`, which `--help` tells.
 */
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261122' },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run bench -- [--small | --full] [--seed N]

Measures on the embedded engine what the service consumes, and says which goals
are met: an operation beside three other designs; the aggregator, the recount and
the Customer view; an alert run over all customers; closing a month; discarding
a customer; what handlers add to the rules; sizes and load times of bundles.

  --small   half a minute instead of three
  --full    closes a month of 1,000,000 active-user records instead of 100,000
  --seed N  other random numbers`;
if (values.help) {
  console.log(HELP);
  process.exit();
}
/** How many of those that missed a goal the summary names. */
const NAMED = 9;
const size = values.small ? sizes.small : values.full ? sizes.full : sizes.default;
const start = performance.now();
const engine = await startEngine();
try {
  const results = await measure(engine.endpoint, size, createRandom(Number(values.seed)), (subject) => {
    if (process.stderr.isTTY) process.stderr.write(`measuring: ${subject} …\n`);
  });
  console.log(report(results, size));
} finally {
  await engine.stop();
}

function report(results: Results, { name, users, rounds }: Size): string {
  const seconds = (performance.now() - start) / 1_000;
  const goals = judge(results);
  return [
    section(
      'FIDO2 Server Service: what it consumes, measured with ReturnConsumedCapacity',
      notes(
        `size ${name}: ${users} users of 20 operations for each scenario, ${rounds} rounds; seed ${values.seed}; ${fixed(seconds, 0)} s`,
        `Node ${process.version} on ${availableParallelism()} cores, load average ${fixed(loadavg()[0] ?? 0, 1)}; times suffer from whatever else runs here`,
        'prices: DynamoDB on demand, us-east-1, $0.625 a million write and $0.125 a million read units',
      ),
      table(
        ['goal', 'measured', ''],
        goals.map(({ goal, measured, met }) => [goal, measured, met ? 'met' : 'MISSED']),
      ),
      ...goals.filter(({ missedBy }) => missedBy.length > 0).map(missedLines),
      ...(isBusy() ? [notes('The machine had more work than cores: of what took time, look at the fastest.')] : []),
    ),
    goalSection(results),
    designsSection(results),
    matrixSection(results),
    requestsSection(results),
    alertRunsSection(results),
    closingSection(results),
    discardingSection(results),
    handlersSection(results),
    bundlesSection(results),
    rulesSection(results),
  ].join('\n');
}

/** Whether more was to be done during the last minute than the machine has cores for. The bench alone needs two. */
function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > Math.max(2, availableParallelism()) + 0.5;
}

/** Names the worst of those that missed a goal. */
function missedLines({ goal, missedBy }: Goal): string {
  const more = missedBy.length - NAMED;
  return notes(
    `Missed, ${goal}:`,
    ...missedBy.slice(0, NAMED).map((what) => `  ${what}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  );
}
