import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { routes, type Route } from '../functions/api/routes.ts';
import { newId } from '../functions/domain/ids.ts';
import { SECOND } from '../functions/domain/time.ts';
import { MAX_API_KEYS } from '../functions/domain/rps/api-key-limit.ts';
import { MAX_PASSKEYS } from '../functions/domain/signing-in/passkey-limit.ts';
import { putAdministrator } from '../functions/table/administrators.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import { openTable, type Table } from '../functions/table/engine/client.ts';
import { transact, type Write } from '../functions/table/engine/transaction.ts';
import { customerKey } from '../functions/table/keys.ts';
import { addToRpMau, addToTotalMau } from '../functions/table/metering/mau-counters.ts';
import { putRemovedRp, putShownRp, type RemovedRp } from '../functions/table/removed-rps.ts';
import { putRefusal } from '../functions/table/refusals.ts';
import { putRp, slotOf } from '../functions/table/rps.ts';
import { putStatement, sizeOfRps, type StatementRp } from '../functions/table/metering/statements.ts';
import { localClientConfig } from '../local/open-table.ts';
import type { SoftPasskey } from '../test/support/fido2/authenticator.ts';
import { callRoute, makeThings } from '../test/support/route-calls.ts';
import { startTestService, type SignedUp, type TestService } from '../test/support/service.ts';
import { meter, type Meter } from './meter.ts';
import type { Goal, Report } from './report.ts';
import { calendar } from './setting/population.ts';
import { reads, writes, type Units } from './units.ts';

/** The units of a request to each console route, keyed by the name of the route or by the request. */
type RouteCosts = Readonly<Record<string, Units>>;
/** The units of console requests for customers with different pasts, and the units of the largest requests. */
export interface ConsoleCosts {
  readonly newCustomer: RouteCosts;
  /**
   * A customer with one RP, 1,000 removed RPs and 12 months of statements. The RP has 25 API keys and 100 refused
   * ceremonies, the customer has 100 administrators, and the caller has 20 passkeys and 40 sessions.
   */
  readonly largePast: RouteCosts;
  /** A customer with 1,000 RPs, 1,000 removed RPs and 12 months of statements. */
  readonly large: RouteCosts;
  /** The largest requests of an RP's server. */
  readonly largest: RouteCosts;
}

const MAX_READS = 8;
const PAST_RPS = 1_000;
const RPS = 1_000;
/** Numbers for the customer with one RP. The measurement itself then adds an API key and a passkey. */
const API_KEYS = MAX_API_KEYS - 1;
const PASSKEYS = MAX_PASSKEYS - 1;
const ADMINISTRATORS = 100;
const SESSIONS = 40;
const REFUSALS = 100;
/** The middle of a month, when the service accepts operations of only one month. */
const NOW = '2026-11-15T12:00:00Z';
const MONTH = '2026-11';
/**
 * The requests that read the most from routes that the measurement also calls with their default values. `{id}` is the
 * ID of an RP.
 */
const LARGEST = [
  'GET /v1/customer/mau?months=12',
  'GET /v1/customer/statements?limit=100',
  'GET /v1/rps?limit=1',
  'GET /v1/rps?limit=100',
  'GET /v1/administrators?limit=100',
  'GET /v1/rps/{id}/api-keys?limit=100',
  'GET /v1/sessions?limit=100',
] as const;
const CSV = 'GET /v1/customer/statements as CSV';
/** Requests whose cost depends on the data in their response, so the goal does not include them. */
const BY_CONTENT: readonly string[] = [
  CSV,
  'list-api-keys',
  'GET /v1/rps/{id}/api-keys?limit=100',
  'list-sessions',
  'GET /v1/sessions?limit=100',
  'get-activity',
  'list-audit-entries',
  // This route reads 16 partitions of active users.
  'list-active-users',
  // These routes read the users of an RP, or all credentials of a user.
  'list-users-of-rp',
  'edit-credential-of-rp',
  'remove-credential-of-rp',
];
const consoleRoutes = routes.filter((route) => route.function === 'console');

/** Measures what each console route consumes, for customers with different pasts. */
export async function benchConsoleRoutes(endpoint: string): Promise<Report> {
  const measured = await measureConsoleRoutes(endpoint);
  const { newCustomer, largePast, large, largest } = measured;
  const row = (name: string) => ({
    'new: read': reads(newCustomer[name] ?? none(name)),
    'new: write': writes(newCustomer[name] ?? none(name)),
    [`1 RP, ${PAST_RPS} removed: read`]: reads(largePast[name] ?? none(name)),
    [`1 RP, ${PAST_RPS} removed: write`]: writes(largePast[name] ?? none(name)),
    [`${RPS} RPs, ${PAST_RPS} removed: read`]: reads(large[name] ?? none(name)),
    [`${RPS} RPs, ${PAST_RPS} removed: write`]: writes(large[name] ?? none(name)),
  });
  const requestsOfRps = Object.entries(largest).map(([name, units]) => [
    name,
    { 'read units': reads(units), 'write units': writes(units) },
  ]);
  return {
    title: 'Console routes: capacity units of a request for a new customer, and for customers with 12 statements',
    tables: [
      Object.fromEntries(Object.keys(newCustomer).map((name) => [name, row(name)])),
      Object.fromEntries(requestsOfRps) as Record<string, Record<string, number>>,
    ],
    notes: [
      'Each removed RP had active users in one of the 12 months. The second table: the largest requests of RPs.',
      `The customer with 1 RP also has ${MAX_API_KEYS} API keys, ${REFUSALS} refused ceremonies, ${ADMINISTRATORS} administrators, ${MAX_PASSKEYS} passkeys and ${SESSIONS} sessions.`,
    ],
    goals: judge(measured),
  };
}

/** Returns the goal about the console routes, and whether it is met. */
export function judge({ largePast }: Pick<ConsoleCosts, 'largePast'>): Goal[] {
  const costs = Object.entries(largePast).filter(([name]) => !BY_CONTENT.includes(name));
  const tooMany = costs.filter(([, units]) => reads(units) > MAX_READS);
  return [
    {
      goal: `console routes: at most ${MAX_READS} read units for a customer with one RP, whatever its past`,
      measured: `${Math.max(...costs.map(([, units]) => reads(units)))} R`,
      met: tooMany.length === 0,
      missedBy: tooMany.map(([name, units]) => `${name}: ${reads(units)} R`),
    },
  ];
}

/** Measures each console route at three customers, and the largest requests of an RP's server. */
export async function measureConsoleRoutes(
  endpoint: string,
  { pastRps = PAST_RPS, rps = RPS } = {},
): Promise<ConsoleCosts> {
  const costsWith = (past: Past) => onService(endpoint, (measured) => routeCostsOf(measured, past));
  return {
    newCustomer: await costsWith({ pastRps: 0, rps: 0 }),
    largePast: await costsWith({ pastRps, rps: 0, isCrowded: true }),
    // The customer has two more RPs, and the measurement registers another one.
    large: await costsWith({ pastRps, rps: rps - 3 }),
    largest: await onService(endpoint, largestOfRps),
  };
}

/** The RPs that the measurement adds to a customer: removed RPs, and RPs that are not removed. */
interface Past {
  readonly pastRps: number;
  readonly rps: number;
  /** Whether there are also many API keys, refused ceremonies, administrators, passkeys and sessions. */
  readonly isCrowded?: boolean;
}
/** A service on a new table, with a meter for each Lambda function. */
interface MeasuredService {
  readonly service: TestService;
  readonly table: Table;
  readonly meterOf: (name: string) => Meter;
}

/** Starts a service on a new table, calls `measure`, and stops the service. */
async function onService<T>(endpoint: string, measure: (measured: MeasuredService) => Promise<T>): Promise<T> {
  const meters = new Map<string, Meter>();
  const service = await startTestService({
    endpoint,
    onTableOpen: (name, own) => {
      meters.set(name, meter(own));
    },
  });
  const table = openTable(service.tableName, localClientConfig(endpoint));
  try {
    await service.setClock(NOW);
    return await measure({ service, table, meterOf: (name) => meters.get(name) ?? none(name) });
  } finally {
    table.client.destroy();
    await service.stop();
  }
}

function none(name: string): never {
  throw new Error(`Nothing was measured for ${name}.`);
}

/**
 * Returns whether a route ends sessions, so that the measurement calls the route last and with a session of its own.
 */
const endsSessions = ({ name }: Pick<Route, 'name'>) => name === 'delete-session' || name === 'delete-sessions';

/** Creates a customer, adds a past to it, and measures a request to each console route. */
async function routeCostsOf({ service, table, meterOf }: MeasuredService, past: Past): Promise<RouteCosts> {
  const consoleMeter = meterOf('console');
  const { customerId, alice, things } = await makeThings(service);
  if (past.pastRps > 0) await addPast(table, customerId, past);
  if (past.isCrowded === true) await crowd(service, table, alice, things.rp);
  const costs: Record<string, Units> = {};
  for (const request of LARGEST) {
    consoleMeter.reset();
    await service.send(request.replace('{id}', things.rp), { as: alice.session });
    costs[request] = consoleMeter.units();
  }
  consoleMeter.reset();
  await service.send('GET /v1/customer/statements', { as: alice.session, headers: { accept: 'text/csv' } });
  costs[CSV] = consoleMeter.units();
  const [ending, others] = [consoleRoutes.filter(endsSessions), consoleRoutes.filter((route) => !endsSessions(route))];
  for (const route of [...others, ...ending]) {
    const session = endsSessions(route) ? await service.signInByPasskey(alice.passkey) : alice.session;
    const view = await service.send('GET /v1/customer', { as: session });
    consoleMeter.reset();
    const { status } = await callRoute(service, route, things, session, view.headers.get('etag') ?? '"1"');
    if (status === 401) throw new Error(`${route.name} refused the session.`);
    costs[route.name] = consoleMeter.units();
  }
  return costs;
}

/**
 * Creates many API keys and refused ceremonies of the RP, many administrators, and many passkeys and sessions of the
 * representative.
 */
async function crowd(
  service: TestService,
  table: Table,
  { customerId, session, passkey }: SignedUp & { readonly passkey: SoftPasskey },
  rp: string,
): Promise<void> {
  const countOf = async (path: string) => (await pagesOf(service, path, session)).length;
  for (let keys = await countOf(`/v1/rps/${rp}/api-keys`); keys < API_KEYS; keys += 1) {
    await service.newApiKey(session, rp);
  }
  for (let passkeys = await countOf('/v1/passkeys'); passkeys < PASSKEYS; passkeys += 1) {
    await service.addPasskey(session);
  }
  for (let sessions = await countOf('/v1/sessions'); sessions < SESSIONS; sessions += 1) {
    await service.signInByPasskey(passkey);
  }
  for (let second = 0; second < REFUSALS; second += 1) {
    await putRefusal(table, rp, {
      ...{ kind: 'authentication', code: 'origin-not-allowed', step: 'origin', at: service.now() - second * SECOND },
      detail: 'The ceremony ran on https://other.example, which the settings of the RP do not allow.',
      ...{ keyId: newId('key'), requestId: randomUUID() },
    });
  }
  const administrators = Array.from({ length: ADMINISTRATORS - (await countOf('/v1/administrators')) }, (_, index) => {
    const contact = { name: `Administrator ${index}`, email: `administrator-${index}@example.com` };
    const rights = { privilege: 'administrator', status: 'active', sessionGeneration: 0 } as const;
    return putAdministrator({ customerId, administratorId: newId('adm'), ...contact, ...rights, createdAt: 0 });
  });
  await putAll(table, administrators);
}

/** Reads all pages of a list. */
async function pagesOf(service: TestService, path: string, as: string): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let query: string | undefined = '?limit=100'; query !== undefined;) {
    // The list of passkeys has only one page and no limit.
    const { body } = await service.send(`GET ${path}${path === '/v1/passkeys' ? '' : query}`, { as });
    const page = body as { items: unknown[]; nextCursor: string | null };
    items.push(...page.items);
    query = page.nextCursor === null ? undefined : `?limit=100&cursor=${page.nextCursor}`;
  }
  return items;
}

/** Measures the largest requests of an RP's server. */
async function largestOfRps({ service, meterOf }: MeasuredService): Promise<RouteCosts> {
  const { apiKey } = await makeThings(service);
  const users = Array.from({ length: 100 }, (_, index) => ({ userId: `bench-${index}` }));
  const operations = users.map(({ userId }) => ({ userId, type: 'authentication' }));
  const costs: Record<string, Units> = {};
  for (const [name, own, request, body] of [
    ['50 new users', 'users', 'POST /v1/rp/users', { users: users.slice(0, 50) }],
    ['50 more new users', 'users', 'POST /v1/rp/users', { users: users.slice(50) }],
    ['50 registered users', 'users', 'POST /v1/rp/users', { users: users.slice(50) }],
    ['a page of 100 users', 'users', 'GET /v1/rp/users?limit=100', undefined],
    ['100 first operations', 'operations', 'POST /v1/rp/operations', { operations }],
  ] as const) {
    meterOf(own).reset();
    const answer = await service.send(request, { as: apiKey, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${request} returned the status ${answer.status}.`);
    costs[name] = meterOf(own).units();
  }
  return costs;
}

/**
 * Adds removed RPs, RPs, counters and 12 statements to a customer. Each removed RP had active users in one of the last
 * 12 months, and each RP in every month.
 */
async function addPast(table: Table, customerId: string, { pastRps, rps }: Past): Promise<void> {
  const months = Array.from({ length: 13 }, (_, index) => calendar.plus(MONTH, index - 12));
  const closed = months.slice(0, -1);
  const rpOf = (index: number) => ({
    customerId,
    id: newId('rp'),
    rpId: `shop-${index}.example`,
    name: `Shop ${index}`,
  });
  const removed = Array.from({ length: pastRps }, (_, index): RemovedRp => {
    const month = calendar.plus(MONTH, -(index % 12));
    const closedMau = month === MONTH ? {} : { [slotOf(month)]: { month, mau: 1 } };
    return { ...rpOf(index), createdAt: 0, closedMau, removedAt: 0, lastMonth: month };
  });
  const present = Array.from({ length: rps }, (_, index) => rpOf(pastRps + index));
  const linesOf = (month: string): StatementRp[] => [
    ...present.map(({ id, rpId, name }) => ({ id, rpId, name, mau: 1 })),
    ...removed.filter(({ lastMonth }) => lastMonth === month).map(({ id, rpId, name }) => ({ id, rpId, name, mau: 1 })),
  ];
  const inNovember = [...present, ...removed.filter(({ lastMonth }) => lastMonth === MONTH)];
  await putAll(table, [
    ...removed.flatMap((rp) => [putRemovedRp(rp, 0), putShownRp(rp, 0)]),
    ...present.map((rp) => putRp({ ...rp, registeredUsers: 1, createdAt: 0 })),
    ...inNovember.map(({ id }) => addToRpMau(customerId, MONTH, id, 1)),
    addToTotalMau(customerId, MONTH, inNovember.length),
  ]);
  for (const month of closed) {
    const lines = linesOf(month);
    await transact(
      table,
      putStatement(
        {
          ...{ customerId, month, timeZone: 'UTC', closedAt: 0, rps: lines.length, rpsSize: sizeOfRps(lines) },
          ...{ license: { type: 'free', startsAt: 0, endsAt: null }, mau: lines.length },
          ...{ maxMau: null, overageMau: 0, overageFee: null },
        },
        lines,
      ),
    );
  }
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: customerKey(customerId),
      UpdateExpression: 'SET closedThrough = :month, createdAt = :first ADD registeredRps :rps',
      ExpressionAttributeValues: {
        ':month': closed.at(-1),
        ':first': calendar.startOf(closed[0] ?? MONTH),
        ':rps': rps,
      },
    }),
  );
}

async function putAll(table: Table, all: readonly Write[]): Promise<void> {
  for (const some of chunks(all, 100)) {
    await transact(table, Object.fromEntries(some.map((write, index) => [`write ${index}`, write])));
  }
}
