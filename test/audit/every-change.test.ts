import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, type Route, type RouteName } from '../../functions/api/routes.ts';
import { listAuditEntriesContract, type AuditEntryView } from '../../functions/contract/audit.ts';
import type { AuditKind } from '../../functions/contract/values/audit-kinds.ts';
import type { Contract } from '../../functions/contract/contract.ts';
import { contracts } from '../../functions/contract/contracts.ts';
import { callRoute, credentialFor, makeThings } from '../support/route-calls.ts';
import { startTestService, type Person, type TestService } from '../support/service.ts';

type ByPeople = Exclude<(typeof routes)[number], { caller: 'rp' | 'fss' }>;
/** The routes that people call and that may change something. */
type ChangingRoute = Exclude<ByPeople, { method: 'GET' | 'ANY' }>['name'];

/**
 * The kind of the audit entry that each route stores. TypeScript reports an error if a route is missing here. Null
 * stands for a route that changes nothing of a customer: it sends a link, or begins a ceremony.
 */
const KINDS: Readonly<Record<ChangingRoute, AuditKind | null>> = {
  // Nobody has activated the customer, so it has no audit. The first sign-in stores the entry.
  'sign-up-customer': null,
  'request-sign-in-link': null,
  'create-session': 'session-begun',
  'request-session-options': null,
  'delete-session': 'session-ended',
  'delete-sessions': 'sessions-ended',
  'request-passkey-options': null,
  'add-passkey': 'passkey-added',
  'rename-passkey': 'passkey-renamed',
  'remove-passkey': 'passkey-removed',
  'edit-customer': 'customer-edited',
  'change-representative': 'representative-changed',
  'set-mau-alert': 'mau-alert-set',
  'set-webhook': 'webhook-set',
  'rotate-webhook-secret': 'webhook-secret-rotated',
  'test-webhook': 'webhook-tested',
  'remove-webhook': 'webhook-removed',
  'unsubscribe-customer': 'unsubscription-requested',
  'cancel-unsubscription': 'unsubscription-cancelled',
  'add-administrator': 'administrator-added',
  'edit-administrator': 'administrator-edited',
  'remove-administrator': 'administrator-removed',
  'send-activation-link': 'administrator-invited',
  'undo-recovery': 'recovery-undone',
  // The address changes only when the owner of the new address opens the link (`confirm-email`).
  'change-email': null,
  'confirm-email': 'email-changed',
  'set-mail-settings': 'mail-settings-set',
  'register-rp': 'rp-registered',
  'edit-rp': 'rp-edited',
  'verify-rp': 'rp-verified',
  'remove-rp': 'rp-removed',
  'create-api-key': 'api-key-created',
  'delete-api-key': 'api-key-deleted',
  'edit-user-of-rp': 'user-edited',
  'remove-user-of-rp': 'user-removed',
  'edit-credential-of-rp': 'credential-edited',
  'remove-credential-of-rp': 'credential-removed',
  // Operators belong to no customer.
  'request-operator-session-options': null,
  'create-operator-session': null,
  'delete-operator-session': null,
  'request-operator-passkey-options': null,
  'add-operator-passkey': null,
};
const changing = routes.filter(({ name }) => name in KINDS);
const lastOnes: readonly string[] = ['delete-session', 'delete-sessions', 'delete-operator-session'];
const ofFree: readonly string[] = ['unsubscribe-customer', 'cancel-unsubscription'];

describe('each route that people call', () => {
  let service: TestService;
  let made: Awaited<ReturnType<typeof makeThings>>;
  /** A privileged administrator of the same customer, who reads the activity. */
  let reader: Person;

  beforeAll(async () => {
    service = await startTestService({ verifiesDomains: true });
    made = await makeThings(service);
    reader = await service.addAdministrator(made.alice.session, 'privileged');
  });
  afterAll(() => service.stop());

  async function entries(as = reader.session): Promise<AuditEntryView[]> {
    const answer = await service.send('GET /v1/customer/activity?limit=100', { as });
    return answer.read(listAuditEntriesContract.answer.body).items;
  }
  /** Returns the entries that `act` adds, the first one first. */
  async function added(act: () => Promise<unknown>, as?: string): Promise<AuditEntryView[]> {
    const before = new Set((await entries(as)).map(({ id }) => id));
    await act();
    return (await entries(as)).filter(({ id }) => !before.has(id)).reverse();
  }
  const etag = async (as: string) => (await service.send('GET /v1/customer', { as })).headers.get('etag') ?? '';
  const credentialOf = (route: Route) => credentialFor(route, made);

  /** Calls a route without its credential, without rights, and with a wrong body. Expects that each call is refused. */
  async function callRefused(route: (typeof routes)[number], as: string | undefined) {
    const refused = [];
    if (as !== undefined) refused.push(await callRoute(service, route, made.things, undefined));
    if (route.caller === 'privileged' || route.caller === 'representative') {
      refused.push(await callRoute(service, route, made.things, made.dave.session));
    }
    if (as !== undefined && 'body' in contracts[route.name as keyof typeof contracts]) {
      const path = route.path.replaceAll(/\{\w+\}/g, 'none');
      refused.push(await service.send(`${route.method} ${path}`, { as, body: { nothing: true } }));
    }
    const { name } = route;
    for (const { status, text } of refused) {
      expect({ name, isRefused: status >= 400, text }).toMatchObject({ name, isRefused: true });
    }
  }

  it('stores exactly one audit entry after a change, and none after a refusal', async () => {
    const others = changing.filter(({ name }) => !lastOnes.includes(name) && !ofFree.includes(name));
    for (const route of [...others, ...changing.filter(({ name }) => lastOnes.includes(name))]) {
      const as = credentialOf(route);
      const name: RouteName = route.name;
      expect([name, await added(() => callRefused(route, as))]).toEqual([name, []]);
      const version = await etag(reader.session);
      const stored = await added(async () => {
        const answer = await callRoute(service, route, made.things, as, version);
        expect({ name, isDone: answer.status < 300, text: answer.text }).toMatchObject({ name, isDone: true });
      });
      const kind = KINDS[name as ChangingRoute];
      expect([name, stored.map((entry) => entry.kind)]).toEqual([name, kind === null ? [] : [kind]]);
      for (const { by, ipAddress } of stored) {
        expect([name, by.type, ipAddress]).toEqual([name, 'administrator', '127.0.0.1']);
        expect([made.alice.administratorId, made.bob.administratorId]).toContain(by.id);
      }
      if (route.name === 'delete-session') made.alice.session = await service.signInByPasskey(made.alice.passkey);
    }
  });

  it('stores one entry when the representative of a Free customer unsubscribes and takes it back', async () => {
    const free = await service.signUp();
    const body = { confirmation: 'Example Corporation' };
    const path = '/v1/customer/unsubscription';
    const wrong = { confirmation: 'Another' };
    const session = free.session;
    const stored = await added(async () => {
      await service.send(`DELETE ${path}`, { as: session });
      await service.send(`POST ${path}`, { as: session, body: wrong });
      expect((await service.send(`POST ${path}`, { as: session, body })).status).toBe(202);
      await service.send(`POST ${path}`, { as: session, body });
      expect((await service.send(`DELETE ${path}`, { as: session })).status).toBe(204);
      await service.send(`DELETE ${path}`, { as: session });
    }, session);
    expect(stored.map(({ kind }) => kind)).toEqual(['unsubscription-requested', 'unsubscription-cancelled']);
  });

  it('stores one entry for an export as CSV, and none for the same data as JSON', async () => {
    const csvRoutes = routes.filter(
      ({ name }) => (contracts as Partial<Record<RouteName, Contract>>)[name]?.answer.csv,
    );
    const month = new Date(service.now()).toISOString().slice(0, 'yyyy-mm'.length);
    const stored = await added(async () => {
      for (const { path } of csvRoutes) {
        const query = path.endsWith('/users') ? `?month=${month}` : '';
        for (const accept of ['application/json', 'text/csv']) {
          const answer = await service.send(`GET ${path}${query}`, { as: reader.session, headers: { accept } });
          expect([path, answer.status]).toEqual([path, 200]);
        }
      }
      await service.send('GET /v1/customer/mau?from=never', { as: reader.session, headers: { accept: 'text/csv' } });
    });
    expect(csvRoutes.map(({ path }) => path).length).toBe(stored.length);
    expect(stored.map(({ kind }) => kind).sort()).toEqual([
      'active-users-exported',
      'activity-exported',
      'mau-exported',
      'statements-exported',
    ]);
    expect(stored.find(({ kind }) => kind === 'active-users-exported')?.after).toEqual({ month });
  });

  it('stores none when an RP’s server calls', async () => {
    const statuses: [name: RouteName, isDone: boolean, text: string][] = [];
    const stored = await added(async () => {
      for (const route of routes.filter(({ caller }) => caller === 'rp')) {
        const { status, text } = await callRoute(service, route, made.things, made.apiKey);
        statuses.push([route.name, status < 300, text]);
      }
    });
    expect(statuses.filter(([, isDone]) => !isDone)).toEqual([]);
    expect(stored).toEqual([]);
  });
});
