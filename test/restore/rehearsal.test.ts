import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { suspendable, readDeployment } from '../../bin/restore/deployment.ts';
import { restorePolicy } from '../../bin/restore/policy.ts';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { stageSecretOf } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { testRpOf, newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';
import { startFakeCloud, type FakeCloud } from './fake-cloud.ts';
import { compareWithCalls } from './needed-rights.ts';
import { newOperator, serviceWith } from './operator.ts';

const DAY = 24 * 60 * 60_000;
const at = (iso: string) => Date.parse(iso);
const clock = { time: at('2026-10-10T09:00:00Z') };
let cloud: FakeCloud;
let service: TestService;
beforeAll(async () => {
  cloud = await startFakeCloud({ now: () => clock.time });
  cloud.deploy(await serviceWith({}));
}, 60_000);
afterAll(async () => {
  await service.stop();
  await cloud.stop();
});

/** Starts the local service on a table, with the current secret of the stage. */
const serve = (tableName: string, secret = cloud.secrets.at(-1)?.text ?? '') =>
  startTestService({ endpoint: cloud.endpoint, tableName, stageSecret: stageSecretOf(secret) });
const setClock = async (time: string) => {
  clock.time = at(time);
  await service.setClock(clock.time);
};
const statementsOf = async (session: string) =>
  (await service.send('GET /v1/customer/statements', { as: session })).body as {
    items: { month: string; mau: number }[];
  };
const alertsTo = async ({ email }: SignedUp) =>
  (await service.mailsTo(email)).filter(({ subject }) => subject.includes('MAU, above your threshold of'));
/** The functions that the local service runs when the restore invokes them. */
const schedules: Readonly<Record<string, string>> = {
  closemonths: 'month-close',
  sendmaualerts: 'mau-alerts',
  recountactiveusers: 'recount',
};

it(
  'a restore, from the first command to the last, leads to a service that serves the restored table',
  { timeout: 240_000 },
  async () => {
    const own = cloud.tables().table;
    service = await serve(own);
    cloud.startBackups(own);
    await cloud.protect(own);
    cloud.tags.set(
      own,
      new Map([
        ['service', 'fido2-server-service'],
        ['stage', 'production'],
      ]),
    );

    // In October, Alice and Bob have users. Bob's license allows 4 MAU, and his threshold is 3.
    await setClock('2026-10-10T09:00:00Z');
    const alice = await service.signUp('Alice and Sons');
    const bob = await service.signUp('Bob and Daughters');
    const dave = await service.signUp('Dave Limited');
    await service.setLicense(bob.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 4 });
    const shop = await newTestRp(service, { owner: bob });
    const aliceShop = await newTestRp(service, { owner: alice, rpId: 'alice.example.com' });
    await aliceShop.register({ userId: 'visitor' });
    const october = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((userId) => shop.register({ userId })));
    const { customer } = (await service.send('GET /v1/customer', { as: bob.session })).body as CustomerView;
    const alert = await service.send('PUT /v1/customer/mau-alert', {
      as: bob.session,
      headers: { 'if-match': `"${customer.version}"` },
      body: { enabled: true, threshold: 3 },
    });
    expect(alert.status).toBe(200);
    await service.drain();

    // In November, before the backup, Alice and Dave unsubscribe, four users sign in, and a fifth sign-in begins.
    await setClock('2026-10-31T23:30:00Z');
    await unsubscribe(alice, 'Alice and Sons');
    await setClock('2026-11-03T22:00:00Z');
    await unsubscribe(dave, 'Dave Limited');
    for (const { passkey } of october.slice(0, 4)) await shop.signIn(passkey);
    const [first] = october;
    if (!first) throw new Error('Nobody registered');
    const begun = await shop.use(first.passkey, { mediation: 'conditional' });
    await service.drain();
    clock.time = at('2026-11-03T23:00:00Z');
    await cloud.backUp(own);

    // After the backup: the sign-in ends, a user registers, October is closed, and Alice's data is discarded.
    await setClock('2026-11-04T00:10:00Z');
    expect((await shop.end('authentications', begun)).status).toBe(200);
    const late = await shop.register({ userId: 'late' });
    expect((await service.send('POST /_local/schedules/month-close')).status).toBe(200);
    const bobsSession = await service.signIn(bob.email);
    const closed = (await statementsOf(bobsSession)).items;
    expect(closed).toMatchObject([{ month: '2026-10', mau: 5 }]);
    await discard(alice);

    // At 08:00, the table is damaged, and the operator restores it to the time of the backup.
    clock.time = at('2026-11-04T08:00:00Z');
    const operator = newOperator(cloud, clock, { at: new Date('2026-11-03T23:00:00Z') });
    const restored = 'fido2-server-service-production-restored-20261103t230000z';
    const originalSecret = cloud.secrets[0]?.text ?? '';
    cloud.onInvoke(async (logicalId) => {
      const name = Object.keys(schedules).find((prefix) => logicalId.startsWith(prefix));
      if (name === undefined) return { outcome: 'unchanged' };
      await service.drain();
      return (await service.send(`POST /_local/schedules/${schedules[name] ?? ''}`)).body;
    });
    expect(await operator.run({ isDryRun: true })).toBe('dry-run');
    expect(await cloud.exists(restored)).toBe(false);

    expect(await operator.run()).toBe('waiting');
    await operator.obey();
    expect(operator.settings()).toEqual({ suspended: true });
    await service.stop();
    expect(await operator.run()).toBe('waiting');
    await operator.obey();
    expect(operator.settings()).toMatchObject({ suspended: true, signalsUnknownCredentials: false });
    expect(cloud.invocations).toEqual([]);
    expect(await operator.run()).toBe('waiting');
    await operator.obey();
    service = await serve(restored);
    await service.setClock(clock.time);
    expect(await operator.run()).toBe('waiting');

    // The restored table is protected like the former one, and nothing of Alice is in it or in its backups.
    expect(await cloud.describe(restored)).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: true,
    });
    expect(cloud.hasBackups(restored)).toBe(true);
    expect(Object.fromEntries(cloud.tags.get(restored) ?? [])).toMatchObject({ stage: 'production' });
    const items = await service.dump();
    const ofAlice = items.filter((item) => JSON.stringify(item).includes(alice.customerId));
    expect(ofAlice.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${alice.customerId}`]);
    expect(JSON.stringify(items)).not.toContain(alice.email);

    // October is closed again with the same numbers, and the alerts of both months were sent once.
    const bobNow = await service.signIn(bob.email);
    expect((await statementsOf(bobNow)).items.map(withoutTime)).toEqual(closed.map(withoutTime));
    const alerts = (await alertsTo(bob)).map(({ text }) => /(October|November) 2026/.exec(text)?.[1]);
    expect(alerts.sort()).toEqual(['November', 'October']);

    // Passkeys of the backup still sign in. Later ones are unknown, and their pages are not told to delete them.
    const again = testRpOf(service, shop);
    for (const { passkey, answer } of october) {
      expect((await again.signIn(passkey)).credential.id).toBe(answer.credential.id);
    }
    expect(await endOf(again, late.passkey)).toMatchObject({ status: 404 });
    // Nobody can end a ceremony that was used after the backup, and it is the new secrets that prevent it.
    expect(cloud.secrets.map(({ text }) => text)).toHaveLength(3);
    expect((await again.end('authentications', begun)).body).toMatchObject({ type: '/problems/ceremony-invalid' });
    const careless = await serve(restored, originalSecret);
    await careless.setClock(clock.time);
    expect((await testRpOf(careless, shop).end('authentications', begun)).status).toBe(200);
    await careless.stop();
    // Dave's unsubscription is cancelled, because he may have cancelled it.
    const daveNow = await service.signIn(dave.email);
    expect((await service.send('GET /v1/customer', { as: daveNow })).body).toMatchObject({ unsubscription: null });

    // A week later, pages may be told again. Then the former table goes.
    clock.time += 7 * DAY;
    expect(await operator.run()).toBe('waiting');
    await operator.obey();
    expect(await operator.run()).toBe('waiting');
    await operator.obey();
    expect(operator.settings()).toMatchObject({ keepsOwnTable: false });
    expect(await operator.run()).toBe('waiting');
    expect(await cloud.exists(own)).toBe(true);
    await operator.obey();
    expect(await operator.run()).toBe('complete');
    expect(await cloud.exists(own)).toBe(false);
    expect(cloud.hasBackups(own)).toBe(false);

    // Everything runs as the templates say.
    const deployment = await readDeployment(cloud.clients, 'fido2-server-service-production');
    expect(suspendable(deployment).filter(({ isStopped }) => isStopped)).toEqual([]);
    expect([...deployment.mappings, ...deployment.rules].filter(({ isOn }) => !isOn)).toEqual([]);
    expect(deployment.mappings).toHaveLength(6);
    expect(deployment.rules).toHaveLength(7);

    // The policy of the restore allows each call, and nothing that no call needs.
    const calls = [...cloud.called, ...operator.onItems];
    expect(compareWithCalls(restorePolicy(), calls)).toEqual({ denied: [], unneeded: [] });

    const ids = [...new Set(operator.log.join('\n').match(/cus_[0-9a-z]+/g))];
    const shown = ids.reduce((text, id, index) => text.replaceAll(id, `cus_${index + 1}…`), operator.log.join('\n'));
    const page = readFileSync('docs/restore-rehearsal.md', 'utf8');
    expect(/^```text\n([^]*?)\n```$/m.exec(page)?.[1]).toBe(shown);
  },
);

/** Unsubscribes a customer, with a grace period of 72 hours. */
async function unsubscribe({ email }: SignedUp, confirmation: string): Promise<void> {
  const as = await service.signIn(email);
  const { status } = await service.send('POST /v1/customer/unsubscription', { as, body: { confirmation } });
  expect(status).toBe(202);
}
/** Begins to discard a customer whose grace period has ended, and waits until its data is discarded. */
async function discard({ customerId }: SignedUp): Promise<void> {
  expect((await service.send('POST /_local/schedules/begin-discarding')).status).toBe(200);
  await service.pass(12_000);
  await vi.waitFor(
    async () => {
      const items = (await service.dump()).filter((item) => JSON.stringify(item).includes(customerId));
      expect(items.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${customerId}`]);
    },
    { timeout: 30_000, interval: 200 },
  );
}
const withoutTime = ({ closedAt, ...statement }: { closedAt?: unknown; month: string; mau: number }) => statement;
const endOf = async (rp: TestRp, passkey: Parameters<TestRp['use']>[0]) =>
  rp.end('authentications', await rp.use(passkey));
