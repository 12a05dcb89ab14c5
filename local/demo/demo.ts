import { createHash } from 'node:crypto';
import type { Operator } from '../../bin/operator/invoke-operator.ts';
import { customerView } from '../../functions/contract/customers.ts';
import { createdBearerKey, getRpContract, registerRpContract } from '../../functions/contract/rps.ts';
import type { Calendar } from '../../functions/domain/calendar.ts';
import { HOUR, toIso } from '../../functions/domain/time.ts';
import { performCeremony, type CeremonyRp } from './demo-ceremonies.ts';
import type { DemoClient } from './demo-client.ts';
import { DEMO_MONTHS, demoCustomers, type DemoCustomer, type DemoRp, type DemoTime } from './demo-customers.ts';

export interface DemoServices {
  readonly client: DemoClient;
  readonly operator: Operator;
  /** The calendar of the service's time zone. */
  readonly calendar: Calendar;
}
/** The data that an RP's server needs to report an operation. */
export interface DemoRpServer {
  readonly rpId: string;
  readonly apiKey: string;
  /** A registered user who has not been active this month. */
  readonly userId: string;
}

interface LoadedRp extends CeremonyRp {
  readonly id: string;
  registeredUsers: number;
}
/** A demo customer whose data is being loaded. */
interface LoadedCustomer {
  readonly definition: DemoCustomer;
  id: string;
  readonly rps: Map<DemoRp, LoadedRp>;
}

/** The maximum numbers of users and operations that the routes accept in a request. */
const USERS_A_REQUEST = 50;
const OPERATIONS_A_REQUEST = 100;
/** The share of users who have a passkey of the service once the RP's users register passkeys. */
const PASSKEY_SHARE = 0.4;

/**
 * Loads the demo customers into an empty service. Moves the service's clock forward month by month, and uses public
 * interfaces only: the HTTP routes, the operator's function, the local clock and the schedule that closes months. Each
 * load creates the same numbers of users, passkeys and operations. Returns the data that the server of the first RP
 * needs to report an operation. If the process dies, the demo stays incomplete, and a later start cannot complete the
 * demo.
 */
export async function loadDemo({ client, operator, calendar }: DemoServices): Promise<DemoRpServer> {
  const now = Date.now();
  const currentMonth = calendar.monthOf(now);
  const startOf = (monthsAgo: number) => calendar.startOf(calendar.plus(currentMonth, -monthsAgo));
  const time: DemoTime = { now, startOf };
  const customers = demoCustomers.map((definition): LoadedCustomer => ({ definition, id: '', rps: new Map() }));

  for (let monthsAgo = DEMO_MONTHS - 1; monthsAgo >= 0; monthsAgo -= 1) {
    const start = startOf(monthsAgo);
    const isOver = monthsAgo > 0;
    const end = isOver ? startOf(monthsAgo - 1) - HOUR : now;
    // In this month, administrators and the operator act on the 4th, a few hours after the previous month closes.
    const closed = calendar.closingOf(calendar.plus(currentMonth, -monthsAgo - 1)) + 9 * HOUR;
    await client.setClock(closed < now ? closed : undefined);
    await client.send('POST /_local/schedules/month-close');
    if (!isOver) await client.setClock(undefined);
    await Promise.all(customers.map((customer) => beginMonth(customer, monthsAgo)));
    if (isOver) await client.setClock(end);
    await Promise.all(customers.map(({ rps }) => spendMonth(rps, monthsAgo, start, end)));
  }
  await client.send('POST /_local/streams/drain');

  const [first] = customers.flatMap(({ rps }) => [...rps]);
  if (!first) throw new Error('The demo has no RP.');
  const [rp, { apiKey, registeredUsers }] = first;
  const [userId = ''] = inOrderOf(0, rp, registeredUsers).slice(rp.mau.at(-1));
  return { rpId: rp.rpId, apiKey, userId };

  /**
   * Sends the requests that administrators and the operator make in a month, and registers the users who are new in
   * this month.
   */
  async function beginMonth(customer: LoadedCustomer, monthsAgo: number): Promise<void> {
    const { definition, rps } = customer;
    const signsUp = definition.monthsAgo === monthsAgo;
    const added = definition.rps.filter((rp) => rp.monthsAgo === monthsAgo);
    const removed = definition.rps.filter((rp) => rp.removedMonthsAgo === monthsAgo);
    // A session does not last a month, so each month needs a new session.
    let session: string | undefined;
    if (signsUp) session = await signUp(customer);
    else if (added.length + removed.length > 0) session = await client.signIn(definition.representative.email);
    for (const license of definition.licenses) {
      if (license.monthsAgo === monthsAgo) await setLicense(customer, license);
    }
    if (session !== undefined) {
      if (signsUp) await addAdministrators(session, definition);
      for (const rp of added) rps.set(rp, await registerRpWithKey(session, rp));
      for (const rp of removed) {
        await client.send(`DELETE /v1/rps/${rps.get(rp)?.id ?? ''}`, { as: session });
        rps.delete(rp);
      }
    }
    for (const [rp, loaded] of rps) await registerNewUsers(rp, loaded, monthsAgo);
  }

  async function signUp(customer: LoadedCustomer): Promise<string> {
    const { name, address, phoneNumber, representative } = customer.definition;
    await client.send('POST /v1/customers', { body: { customer: { name, address, phoneNumber }, representative } });
    const session = await client.openNewestLink(representative.email);
    const view = await client.ask(customerView, 'GET /v1/customer', { as: session });
    customer.id = view.customer.id;
    return session;
  }

  async function setLicense({ id }: LoadedCustomer, license: DemoCustomer['licenses'][number]): Promise<void> {
    const { monthsAgo: _, endsAt, ...settings } = license;
    const end = endsAt && { endsAt: toIso(endsAt(time)) };
    await operator.run({ command: 'set-license', customerId: id, ...settings, ...end });
  }

  async function addAdministrators(session: string, { administrators }: DemoCustomer): Promise<void> {
    for (const { name, email, privilege, accepts } of administrators) {
      await client.send('POST /v1/administrators', { as: session, body: { name, email, privilege } });
      if (accepts) await client.openNewestLink(email);
    }
  }

  async function registerRpWithKey(session: string, { rpId, name }: DemoRp): Promise<LoadedRp> {
    const rp = await client.ask(registerRpContract.answer.body, 'POST /v1/rps', { as: session, body: { rpId, name } });
    const { apiKey } = await client.ask(createdBearerKey, `POST /v1/rps/${rp.id}/api-keys`, {
      as: session,
      body: { name: 'Production' },
    });
    await verifyDomain(session, rp.id);
    return { id: rp.id, rpId, apiKey, devices: new Map(), registeredUsers: 0 };
  }

  /** Shows the DNS record of an RP to the local service, if the RP's users can perform ceremonies only after that. */
  async function verifyDomain(session: string, id: string): Promise<void> {
    const { verification } = await client.ask(getRpContract.answer.body, `GET /v1/rps/${id}`, { as: session });
    if (!verification.required) return;
    const { name, value } = verification.record;
    await client.send('PUT /_local/dns', { body: { name, txt: [value] } });
    await client.send(`POST /v1/rps/${id}/verification`, { as: session });
  }

  async function registerNewUsers(rp: DemoRp, loaded: LoadedRp, monthsAgo: number): Promise<void> {
    const bestSoFar = Math.max(...rp.mau.slice(0, 1 + rp.monthsAgo - monthsAgo));
    const users = userIds(bestSoFar + rp.idleUsers).map((userId) => ({ userId }));
    for (let from = loaded.registeredUsers; from < users.length; from += USERS_A_REQUEST) {
      const body = { users: users.slice(from, from + USERS_A_REQUEST) };
      await client.send('POST /v1/rp/users', { as: loaded.apiKey, body });
    }
    loaded.registeredUsers = users.length;
  }

  /**
   * Lets the users of RPs be active in a month. Users with a passkey perform a ceremony, at the time of the service's
   * clock. The RPs report one to three operations of each other user. These operations happen between `from` and `to`,
   * which are instants of the month in epoch milliseconds.
   */
  async function spendMonth(rps: LoadedCustomer['rps'], monthsAgo: number, from: number, to: number): Promise<void> {
    await Promise.all(
      [...rps].map(async ([rp, loaded]) => {
        const active = inOrderOf(monthsAgo, rp, loaded.registeredUsers).slice(0, rp.mau[rp.monthsAgo - monthsAgo]);
        const measured = new Set(monthsAgo > rp.passkeysMonthsAgo ? [] : active.filter((user) => hasPasskey(rp, user)));
        for (const userId of measured) await performCeremony(client, loaded, userId);
        const reported = active.filter((userId) => !measured.has(userId));
        await reportOperations(loaded, reported, monthsAgo, from, to);
      }),
    );
  }

  async function reportOperations(
    { rpId, apiKey }: LoadedRp,
    users: readonly string[],
    monthsAgo: number,
    from: number,
    to: number,
  ): Promise<void> {
    const operations = users.flatMap((userId) => {
      const seed = `${rpId} ${monthsAgo} ${userId}`;
      return Array.from({ length: 1 + Math.floor(3 * fraction(`${seed} operations`)) }, (_, index) => ({
        userId,
        type: 'authentication',
        occurredAt: toIso(Math.floor(from + fraction(`${seed} ${index}`) * (to - from))),
      }));
    });
    for (let start = 0; start < operations.length; start += OPERATIONS_A_REQUEST) {
      const body = { operations: operations.slice(start, start + OPERATIONS_A_REQUEST) };
      await client.send('POST /v1/rp/operations', { as: apiKey, body });
    }
  }
}

const userIds = (count: number) => Array.from({ length: count }, (_, index) => `user-${index + 1}`);

/**
 * Returns the users of an RP in an order that differs from month to month. The first users in this order are the active
 * users of the month.
 */
function inOrderOf(monthsAgo: number, { rpId }: DemoRp, users: number): string[] {
  const place = (userId: string) => fraction(`${rpId} ${monthsAgo} ${userId}`);
  return userIds(users).sort((a, b) => place(a) - place(b));
}

/** Returns whether a user of an RP registers a passkey at the service. */
const hasPasskey = ({ rpId }: DemoRp, userId: string) => fraction(`${rpId} passkey ${userId}`) < PASSKEY_SHARE;

/** Returns a pseudo-random number, at least 0 and less than 1, that depends only on the seed. */
function fraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;
}
