import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startEngine } from '../local/aws/engine.ts';
import { benchAlertRuns } from './alert-runs.ts';
import { benchBundles } from './bundles.ts';
import { benchCeremonies } from './ceremonies/bench-ceremonies.ts';
import { benchClosing } from './closing.ts';
import { benchConsoleOpening } from './console-opening.ts';
import { benchConsoleRoutes } from './console-routes.ts';
import { benchCustomerView } from './customer-view.ts';
import { benchDiscarding } from './discarding.ts';
import { benchEngineRules } from './engine-rules.ts';
import { benchHandlerOverhead } from './handler-overhead.ts';
import { benchImport } from './import.ts';
import { benchOperatorOverview } from './operator-overview.ts';
import { benchOperatorSummary } from './operator-summary.ts';
import { benchOperations } from './operations/bench-operations.ts';
import { benchRecount } from './recount.ts';
import { print, printGoals, type Goal, type Report } from './report.ts';
import { benchRequests } from './requests.ts';
import { createRandom } from './setting/random.ts';
import { sizes } from './sizes.ts';
import { benchSoak } from './soak/bench-soak.ts';

/**
 * `npm run bench` measures on the embedded DynamoDB engine how many capacity units and how much time the service uses.
 * Each measurement prints its tables when it ends. After the last measurement, the command prints the goals and whether
 * they are met.
 */
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261122' },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run bench -- [--small | --full] [--soak] [--seed N]

Measures on the embedded engine what the service consumes, and prints which goals
are met: an operation beside three other designs; a sign-in beside two usual
designs, its CPU and its speed over HTTP; the aggregator, the recount and the
Customer view; each console route; opening the console in Chromium; an alert run
over all customers; the operator's list, overview and hourly summary of all
customers; closing a month; discarding a customer; what handlers add to the domain;
sizes and load times of bundles.

  --small   repeats less, so that it takes a fraction of the time
  --full    closes a month of 1,000,000 active-user records instead of 100,000
  --soak    measures only what a customer experiences beside 10 callers who use
            the local service for 2 minutes (20 seconds with --small)
  --seed N  other random numbers`;
if (values.help) {
  console.log(HELP);
  process.exit();
}
const name = values.small ? 'small' : values.full ? 'full' : 'default';
const size = sizes[name];
const start = performance.now();
const engine = await startEngine();
const { endpoint } = engine;
const all: readonly (() => Promise<Report | Report[]>)[] = [
  () => benchOperations(endpoint, size, createRandom(Number(values.seed))),
  () => benchCeremonies(endpoint, size),
  () => benchRequests(endpoint),
  () => benchCustomerView(endpoint),
  () => benchConsoleRoutes(endpoint),
  () => benchConsoleOpening(endpoint),
  () => benchRecount(endpoint, size.recountRecords),
  () => benchAlertRuns(endpoint, size.alertCustomers),
  () => benchOperatorOverview(endpoint, size.operatorCustomers),
  () => benchOperatorSummary(endpoint, size.operatorCustomers, Number(values.seed)),
  () => benchClosing(endpoint, size.closedRecords),
  () => benchDiscarding(endpoint, size.discardedItems),
  () => benchHandlerOverhead(endpoint, size.iterations),
  () => benchImport(endpoint, size.importedUsers),
  () => benchBundles(size.loadedBundles, size.loads),
  () => benchEngineRules(endpoint),
];
const measurements = values.soak ? [() => benchSoak(size.soak)] : all;
try {
  console.log(`FIDO2 Server Service: what it consumes, measured with ReturnConsumedCapacity
Size ${name}: ${size.users} users of 20 operations for each scenario, ${size.rounds} rounds; seed ${values.seed}
Node ${process.version} on ${availableParallelism()} cores. Other processes on this machine make the times longer.
Prices: DynamoDB on demand, us-east-1, $0.625 a million write and $0.125 a million read units`);
  const goals: Goal[] = [];
  for (const measure of measurements) {
    for (const report of [await measure()].flat()) {
      print(report);
      goals.push(...(report.goals ?? []));
    }
  }
  printGoals(goals);
  const [load = 0] = loadavg();
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s, load average ${load.toFixed(1)}`);
  // The benchmark itself keeps two cores busy.
  if (load > Math.max(2, availableParallelism()) + 0.5) {
    console.log('The machine had more running processes than cores. Compare the fastest times, not the medians.');
  }
} finally {
  await engine.stop();
}
