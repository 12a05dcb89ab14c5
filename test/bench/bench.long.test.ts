import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as bundles from '../../bench/bundles.ts';
import * as consoleOpening from '../../bench/console-opening.ts';
import * as consoleRoutes from '../../bench/console-routes.ts';
import * as customerView from '../../bench/customer-view.ts';
import * as discarding from '../../bench/discarding.ts';
import { checkEngineRules } from '../../bench/engine-rules.ts';
import * as operations from '../../bench/operations/bench-operations.ts';
import { allLines, dollarsAMillion, totalOf } from '../../bench/operations/costs.ts';
import type { Measured } from '../../bench/operations/operations.ts';
import * as operatorOverview from '../../bench/operator-overview.ts';
import * as operatorSummary from '../../bench/operator-summary.ts';
import { printGoals, type Goal } from '../../bench/report.ts';
import { routes } from '../../functions/api/routes.ts';
import * as requests from '../../bench/requests.ts';
import { byDelete, inTransaction } from '../../bench/ceremonies/designs/stored-challenge.ts';
import { named, unnamed } from '../../bench/ceremonies/designs/this-design.ts';
import * as signIns from '../../bench/ceremonies/sign-in-costs.ts';
import * as ceremonyUnits from '../../bench/ceremonies/ceremony-units.ts';
import * as handlerCpu from '../../bench/ceremonies/handler-cpu.ts';
import * as httpSignIns from '../../bench/ceremonies/http-sign-ins.ts';
import { ceremonyServicesOf, registerPasskeyUsers, serverOf } from '../../bench/ceremonies/passkey-users.ts';
import { dollarsAMillionSignIns } from '../../bench/ceremonies/sign-ins.ts';
import { usualPerson } from '../../bench/setting/operators-customers.ts';
import { addCustomer, createMovedClock, createTable } from '../../bench/setting/population.ts';
import { element } from '../../bench/setting/element.ts';
import { createRandom } from '../../bench/setting/random.ts';
import { dollarsAtMost, NO_UNITS, times } from '../../bench/units.ts';
import { startEngine, type Engine } from '../../local/aws/engine.ts';
import { usePasskey } from '../support/fido2/authenticator.ts';
import { startCeremonies } from '../support/fido2/ceremony-processes.ts';
import { engineEndpoint } from '../support/engine.ts';

/**
 * The number of users in each scenario. Each user has 20 operations. The aggregator, the Lambda function that counts
 * active users, counts 20 new users in a batch.
 */
const USERS = 20;
const OPERATIONS = USERS * 20;
/**
 * The price of checking the API key, in dollars per million operations. 20 processes handle 20 operations each within 2
 * simulated seconds, so each process checks the key only once. The check reads the key, the customer and the RP.
 */
const KEYS = (20 * 2 * 0.125) / OPERATIONS;
/**
 * The price of storing when the key was last used, in dollars per million operations. The service writes the time of
 * the last use once per hour, and the price assumes that the RP reports 36,000 operations per hour.
 */
const LAST_USE = 0.625 / 36_000;
/**
 * The price of counting in the aggregator, in dollars per million operations. One batch takes a transaction of 3 items
 * with 2 write units each, a strongly consistent read of the checkpoint and an eventually consistent read of the
 * customer.
 */
const COUNTING = (6 * 0.625 + 1.5 * 0.125) / OPERATIONS;

describe('the benchmark of operations', () => {
  let metering: operations.Metering;
  beforeAll(async () => {
    const size = { users: USERS, rounds: 2, tailCustomers: 49, batches: 1 };
    metering = await operations.measureMetering(await engineEndpoint(), size, createRandom(1));
  });
  const other = (index: number): Measured => element(metering.others, index);

  it('reaches the cache hit rate of each scenario', () => {
    expect(metering.hitRates.map(({ measuredHitRate }) => measuredHitRate)).toEqual([
      0,
      expect.closeTo(0.25, 10),
      expect.closeTo(0.8, 10),
    ]);
  });

  it('measures one read per cache miss, plus one read and one write per user, for the design of the service', () => {
    const eachOperation = 0.75 * 0.5 * 0.125 + (0.5 * 0.125 + 0.625) / 20;
    expect(dollarsAMillion(metering.goal)).toBeCloseTo(eachOperation + KEYS + LAST_USE + COUNTING, 8);
  });

  it('measures one write unit per operation if the design is a conditional put (a), even if the condition fails', () => {
    expect(dollarsAMillion(other(0))).toBeCloseTo(0.625 + KEYS + LAST_USE + COUNTING, 8);
  });

  it('measures one read per operation if the design is a read and then a put (b), even if the user is in the cache', () => {
    const eachOperation = 0.5 * 0.125 + (0.5 * 0.125 + 0.625) / 20;
    expect(dollarsAMillion(other(1))).toBeCloseTo(eachOperation + KEYS + LAST_USE + COUNTING, 8);
  });

  it('measures six write units for a user’s first operation and two to six for later ones if the design is a transaction (c)', () => {
    const least = ((6 + 19 * 2) / 20) * 0.625;
    const total = totalOf(allLines(other(2)));
    expect(dollarsAMillion(other(2))).toBeCloseTo(least + KEYS + LAST_USE, 8);
    expect(dollarsAtMost(total) * 1e6).toBeCloseTo(6 * 0.625 + KEYS + LAST_USE, 8);
  });

  it("divides the cost of the aggregator's transaction among the new users of a batch", () => {
    expect(metering.aggregator.map(({ newUsers, perUser }) => [newUsers, perUser.write])).toEqual([
      [1, 6],
      [20, expect.closeTo(6 / 20, 10)],
      [100, expect.closeTo(6 / 100, 10)],
    ]);
    expect(metering.tail.write).toBeCloseTo((49 * 2 * 2 + 2) / 49, 10);
  });

  it('reports that all cost goals are met, or that two goals are missed if the key check costs too much', () => {
    const { others } = metering;
    // In this short benchmark, each key check serves few operations, so the test divides the key check's cost by 10.
    const goal = { ...metering.goal, keyCheck: times(metering.goal.keyCheck, 1 / 10) };
    const expensive = { ...goal, keyCheck: { ...goal.keyCheck, read: 1_000 } };

    expect(missed(operations.judge({ goal, others }))).toEqual([]);
    expect(missed(operations.judge({ goal: expensive, others }))).toEqual([
      'at most $0.1 a million operations (25 % hits, 20 new users a counter and batch)',
      'at least 6 times cheaper than (a), a conditional put each time',
    ]);
  });
});

const missed = (goals: readonly Goal[]) => goals.filter(({ met }) => !met).map(({ goal }) => goal);

describe('the benchmark of single requests', () => {
  let measured: requests.RequestCosts;
  beforeAll(async () => {
    measured = await requests.measureRequests(await engineEndpoint());
  });

  it('counts simultaneous table calls as one round of calls', () => {
    expect(Object.values(measured.rounds).map(({ rounds }) => rounds)).toEqual([3, 1, 4]);
  });

  it('measures one read unit and one write unit for the first operation of a user', () => {
    expect(measured.firstOperation).toMatchObject({ read: 1, write: 1, indexRead: 0, indexWrite: 0 });
  });

  it('reports a missed goal if a request needs one more write unit or one more round of table calls', () => {
    expect(missed(requests.judge(measured))).toEqual([]);
    expect(missed(requests.judge({ ...measured, firstOperation: { ...NO_UNITS, read: 1, write: 2 } }))).toHaveLength(1);
    const [goal] = requests
      .judge({ ...measured, rounds: { fast: { rounds: 3, calls: 3 }, slow: { rounds: 5, calls: 5 } } })
      .filter(({ met }) => !met);
    expect(goal).toMatchObject({ measured: '5 rounds', missedBy: ['slow'] });
  });
});

describe('the benchmark of sign-ins', () => {
  let measured: signIns.SignInCosts;
  beforeAll(async () => {
    measured = await signIns.measureDesigns(await engineEndpoint(), 1);
  });

  it('measures a small write and two small reads for each sign-in, and three writes and a read more in the first of 20', () => {
    const [read, write] = [2 * 0.5 + 0.5 / 20, 1 + 3 / 20];
    expect(dollarsAMillionSignIns(measured.unnamed)).toBeCloseTo(read * 0.125 + write * 0.625, 8);
    expect(dollarsAMillionSignIns(measured.named)).toBeCloseTo((read + 1) * 0.125 + write * 0.625, 8);
  });

  it('measures five writes and three small reads for the usual design, and three writes and two small reads for the better one', () => {
    expect(dollarsAMillionSignIns(measured.usual)).toBeCloseTo(5 * 0.625 + 1.5 * 0.125, 8);
    expect(dollarsAMillionSignIns(measured.better)).toBeCloseTo(3 * 0.625 + 1 * 0.125, 8);
  });

  it('reports the goals as missed if a sign-in takes one more write unit and one more round', () => {
    expect(missed(signIns.judge(measured))).toEqual([]);
    const { unnamed } = measured;
    const worse = {
      ...unnamed,
      finish: { ...unnamed.finish, write: unnamed.finish.write + unnamed.signIns },
      rounds: { ...unnamed.rounds, later: 3 },
    };
    expect(missed(signIns.judge({ ...measured, unnamed: worse }))).toHaveLength(4);
  });
});

describe('each design of sign-ins in the benchmark', () => {
  it.each([inTransaction, byDelete, unnamed, named])('accepts a response only once: $name', async (design) => {
    const bench = await createTable(await engineEndpoint());
    const { apiKey } = await addCustomer(bench.table, 0);
    const clock = createMovedClock();
    const caller = await serverOf(bench.table, clock, apiKey);
    const services = ceremonyServicesOf(bench.table, clock);
    const [user] = await registerPasskeyUsers(startCeremonies(services, caller), 1);
    if (!user) throw new Error('Nobody was registered.');
    const process = design.startProcess(services, caller);
    const begun = await process.begin(user.userId);
    const response = usePasskey(`https://${caller.rp.rpId}`, user.passkey, begun.options);

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => process.finish(begun, response)));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(process.finish(begun, response)).rejects.toThrow();
    bench.close();
  });
});

describe('the benchmark of the console routes', () => {
  let engine: Engine;
  beforeAll(async () => {
    // The benchmark starts an engine of its own, unlike the tests.
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it('measures every console route, and no route costs more than the goal allows for a customer with 100 removed RPs and many administrators and passkeys', async () => {
    const measured = await consoleRoutes.measureConsoleRoutes(engine.endpoint, { pastRps: 100, rps: 60 });
    const names = routes.filter((route) => route.function === 'console').map(({ name }) => name);
    expect(Object.keys(measured.newCustomer)).toEqual(expect.arrayContaining(names));
    expect(consoleRoutes.judge(measured).flatMap(({ missedBy = [] }) => missedBy)).toEqual([]);
    expect(missed(consoleRoutes.judge({ largePast: { 'list-rps': { ...NO_UNITS, read: 8.5 } } }))).toHaveLength(1);
  });
});

describe("the benchmark of the operator's commands", () => {
  it('measures about 2 read units a customer for the list and the overview, and no response above 6 MB', async () => {
    const measured = await operatorOverview.measureOperatorCommands(await engineEndpoint(), 30);
    // Each of the 16 buckets of the finder costs a query of at least 0.5 units.
    expect(mapValues(measured, ({ units }) => units)).toEqual({
      'customer list': { ...NO_UNITS, read: 60, indexRead: 8 },
      overview: { ...NO_UNITS, read: 60, indexRead: 8 },
      'mail failed': { ...NO_UNITS, read: 30, indexRead: 8 },
    });
    expect(mapValues(measured, ({ invocations }) => invocations)).toEqual({
      ...{ 'customer list': 1, overview: 1, 'mail failed': 1 },
    });
    const of1000 = (part: object) => ({ list: { ...measured['customer list'], ...part } });
    expect(missed(operatorOverview.judge(of1000({}), 1_000))).toEqual([]);
    expect(missed(operatorOverview.judge(of1000({ units: { ...NO_UNITS, read: 2_101 } }), 1_000))).toHaveLength(1);
    expect(missed(operatorOverview.judge(of1000({ largest: 6_000_001 }), 1_000))).toHaveLength(1);
  });
});

describe("the benchmark of the operators' summary", () => {
  it('measures about 2 read units a customer and run, and few units a page', async () => {
    const texts = usualPerson(createRandom(1));
    const measured = await operatorSummary.measureSummary(await engineEndpoint(), 60, texts);
    const { run, pages, listed } = measured;
    expect(listed).toBe(60);
    // 2 units for each customer; the rest does not depend on the number of customers.
    expect(run).toMatchObject({ indexRead: 8 });
    expect(run.read).toBeGreaterThan(120);
    expect(run.read).toBeLessThan(150);
    expect(pages.name).toEqual({ ...NO_UNITS, read: 1 });
    expect(missed(operatorSummary.judge(measured, 60))).toEqual([]);
    expect(missed(operatorSummary.judge(measured, 61))).toHaveLength(1);
    const expensive = { ...pages, fee: { ...NO_UNITS, read: 6.5 } };
    expect(missed(operatorSummary.judge({ ...measured, pages: expensive }, 60))).toHaveLength(1);
  });
});

const mapValues = <V, W>(object: Readonly<Record<string, V>>, map: (value: V) => W) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));

describe('the benchmark goals', () => {
  it('are missed by a Customer view that costs 4.5 read units, including 0.5 for the index', () => {
    const views = { small: { ...NO_UNITS, read: 4 }, large: { ...NO_UNITS, read: 4, indexRead: 0.5 } };

    expect(customerView.judge(views)).toMatchObject([{ met: false, measured: '4.5 R', missedBy: ['large'] }]);
    expect(missed(customerView.judge({ small: views.small }))).toEqual([]);
  });

  it('are missed by a console that opens with two requests in the first round, three rounds of requests or two Lambda functions', () => {
    const blocks = ['get-customer', 'get-mau'];
    const opening = { waves: [['get-session'], blocks], functions: ['console'] };

    expect(missed(consoleOpening.judge(opening))).toEqual([]);
    for (const worse of [
      { ...opening, waves: [['get-session', 'list-passkeys'], blocks] },
      { ...opening, waves: [['get-session'], ['list-passkeys'], blocks] },
      { ...opening, functions: ['console', 'anonymous'] },
    ]) {
      expect(missed(consoleOpening.judge(worse))).toHaveLength(1);
    }
  });

  it('are missed if the deletion of a customer costs more than one write unit per item', () => {
    const [one, more] = [
      { ...NO_UNITS, write: 1 },
      { ...NO_UNITS, write: 1.101 },
    ];
    expect(missed(discarding.judge(one, one))).toEqual([]);
    expect(missed(discarding.judge(more, one))).toHaveLength(1);
    expect(missed(discarding.judge(one, more))).toHaveLength(1);
  });

  it('are missed by ceremonies that cost too much, or whose requests take too much CPU', () => {
    const units = (read: number, write: number) => ({ ...NO_UNITS, read, write });
    const refusal = (read: number) => ({ refused: { units: units(read, 0), accepted: units(1, 1) } });
    const good = { newUser: units(4, 18), existingUser: units(3, 10), refused: refusal(6) };
    expect(missed(ceremonyUnits.judge(good))).toEqual([]);
    expect(missed(ceremonyUnits.judge({ ...good, newUser: units(4, 19) }))).toHaveLength(1);
    expect(ceremonyUnits.judge({ ...good, refused: refusal(6.5) })[1]).toMatchObject({ missedBy: ['refused'] });

    const cpu = (fastest: number) => ({ fastest, median: 9 });
    const handler = (fastest: number) => ({ 'finish, without': cpu(fastest) });
    expect(missed(handlerCpu.judge({ cpu: handler(1.5) }))).toEqual([]);
    expect(missed(handlerCpu.judge({ cpu: handler(1.6) }))).toHaveLength(1);
    expect(missed(httpSignIns.judge({ cpu: { 'sign-in': cpu(2.5) } }))).toEqual([]);
    expect(missed(httpSignIns.judge({ cpu: { 'sign-in': cpu(2.6) } }))).toHaveLength(1);
    expect(bundles.judgeRegistration(700_000).met).toBe(true);
    expect(bundles.judgeRegistration(700_001).met).toBe(false);
  });

  it('are missed by a bundle that is too large or loads too slowly', () => {
    const bundle = (name: bundles.Bundle['name'], bytesAtStart: number, fastest: number) => ({
      name,
      bytes: 2 * bytesAtStart,
      gzippedBytes: bytesAtStart,
      bytesAtStart,
      load: { median: 200, fastest },
    });
    const good = [bundle('operations', 420_000, 120), bundle('console', 480_000, 150)];
    const bad = [bundle('operations', 420_100, 100), bundle('anonymous', 1, 151)];

    expect(missed(bundles.judge(good))).toEqual([]);
    expect(bundles.judge([...good, ...bad]).map(({ missedBy }) => missedBy)).toEqual([
      ['operations: 420.1 KB'],
      ['anonymous: 151 ms, fastest (median 200)'],
    ]);
  });

  it('are printed with the names of at most nine failing bundles, and with the number of the other failing bundles', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const missedBy = Array.from({ length: 11 }, (_, index) => `bundle ${index + 1}`);
    printGoals([
      { goal: 'cheap', measured: '$1', met: true },
      { goal: 'small', measured: '9 MB', met: false, missedBy },
    ]);
    const printed = log.mock.calls.flat().map(String);
    log.mockRestore();

    expect(printed).toContain('met     cheap: $1');
    expect(printed).toContain('MISSED  small: 9 MB');
    expect(printed.slice(-2).map((line) => line.trim())).toEqual(['bundle 9', 'and 2 more']);
  });
});

it('the DynamoDB engine of the benchmarks reports exactly the units that AWS documents', async () => {
  const rules = await checkEngineRules(await engineEndpoint());
  expect(rules.map(({ rule, engine: reported }) => [rule, reported])).toEqual(
    rules.map(({ rule, aws }) => [rule, aws]),
  );
});
