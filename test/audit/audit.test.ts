import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntriesContract, type AuditEntryView } from '../../functions/contract/audit.ts';
import { DAY, MINUTE } from '../../functions/domain/time.ts';
import { storeAuditEntry } from '../../functions/table/audit.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { customerPartition } from '../../functions/table/keys.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const CSV = { accept: 'text/csv' };
const PATH = '/v1/customer/activity';
async function page(as: string, query = ''): Promise<{ items: AuditEntryView[]; nextCursor: string | null }> {
  const answer = await service.send(`GET ${PATH}${query}`, { as });
  return answer.read(listAuditEntriesContract.answer.body);
}
const kindsOf = (items: readonly AuditEntryView[]) => items.map(({ kind }) => kind);
/** Returns the audit entries of a customer as the table stores them. */
const stored = async ({ customerId }: SignedUp) =>
  (await service.dump()).filter(
    ({ pk, sk }) => pk === customerPartition(customerId).pk && String(sk).startsWith('AUDIT#'),
  );
const rename = (session: string, administratorId: string, name: string) =>
  service.send(`PATCH /v1/administrators/${administratorId}`, { as: session, body: { name } });

describe('the activity of a customer', () => {
  it('contains nothing about a request that changes nothing', async () => {
    const alice = await service.signUp();
    const { session, administratorId } = alice;
    const { id } = await service.addPasskey(session);
    const { mailSettings, administrator } = (await service.send('GET /v1/sessions/current', { as: session })).body as {
      mailSettings: object;
      administrator: { name: string; privilege: string };
    };
    const { items: before } = await page(session, '');
    const { name, privilege } = administrator;
    for (const [request, body] of [
      ['PUT /v1/administrators/me/mail-settings', mailSettings],
      [`PATCH /v1/passkeys/${id}`, { name: 'Phone' }],
      [`PATCH /v1/administrators/${administratorId}`, { name, privilege }],
    ] as const) {
      expect((await service.send(request, { as: session, body })).status).toBe(200);
    }
    expect((await page(session, '')).items).toEqual(before);
  });

  it('says what was changed, by whom, when, from where, and the old and new values', async () => {
    const alice = await service.signUp();
    const userAgent =
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
    await service.send('POST /v1/rps', {
      as: alice.session,
      headers: { 'user-agent': userAgent },
      body: { rpId: 'shop.example.com', name: 'Example Shop' },
    });
    const { items, nextCursor } = await page(alice.session);
    expect(kindsOf(items)).toEqual(['rp-registered', 'customer-activated']);
    expect(nextCursor).toBeNull();
    const [registered] = items;
    const { id: rp = '' } = registered?.subject ?? {};
    expect(registered).toEqual({
      id: expect.stringMatching(/^aud_[0-9a-z]{20}$/) as string,
      at: expect.any(String) as string,
      kind: 'rp-registered',
      by: { type: 'administrator', id: alice.administratorId, name: 'Alice Arai' },
      ipAddress: '127.0.0.1',
      userAgent: '(Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36',
      subject: { id: rp, name: 'Example Shop' },
      rp,
      before: null,
      after: { id: rp, rpId: 'shop.example.com', name: 'Example Shop' },
    });
    expect(Math.abs(Date.parse(registered?.at ?? '') - service.now())).toBeLessThan(MINUTE);
  });

  it('has one entry for each change that succeeds, if many people change the same thing at the same time', async () => {
    const alice = await service.signUp();
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const carol = await service.addAdministrator(alice.session, 'administrator');
    const before = await stored(alice);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const session = index % 2 === 0 ? alice.session : bob.session;
        return index % 3 === 0
          ? service.send(`DELETE /v1/administrators/${carol.administratorId}`, { as: session })
          : rename(session, carol.administratorId, `Carol ${index}`);
      }),
    );
    const succeeded = answers.filter(({ status }) => status < 300).length;
    expect(succeeded).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await stored(alice)).length - before.length).toBe(succeeded);
  });

  it('is read page by page without gaps while entries are added, and as CSV', async () => {
    const alice = await service.signUp();
    for (let index = 0; index < 24; index += 1) await rename(alice.session, alice.administratorId, `Alice ${index}`);
    const whole = (await page(alice.session, '?limit=100')).items;
    expect(whole).toHaveLength(25);
    const read: AuditEntryView[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { items, nextCursor } = await page(alice.session, `?limit=7${next}`);
      expect(items.length).toBeLessThanOrEqual(7);
      read.push(...items);
      cursor = nextCursor;
      await rename(alice.session, alice.administratorId, `Alice later ${read.length}`);
    } while (cursor !== null);
    expect(read).toEqual(whole);

    await rename(alice.session, alice.administratorId, '=1+1');
    const csv = await service.send(`GET ${PATH}`, { as: alice.session, headers: CSV });
    expect(csv.headers.get('link')).toBeNull();
    const [head, latest, ...rows] = csv.text.trimEnd().split('\r\n');
    expect(head).toBe('at,kind,byType,byId,byName,ipAddress,userAgent,subjectId,subjectName,rp,before,after,id');
    expect(latest).toContain(`administrator-edited,administrator,${alice.administratorId},Alice later`);
    expect(latest).toContain(",'=1+1,");
    expect(rows.length + 1).toBe(25 + 4 + 1);
    expect(kindsOf((await page(alice.session, '?limit=1')).items)).toEqual(['activity-exported']);
  });

  it('can be limited to a month, and ends after 13 months', async () => {
    await service.setClock('2026-09-30T23:59:00Z');
    const alice = await service.signUp();
    const { passkey } = await service.addPasskey(alice.session);
    await service.setClock('2026-10-01T00:10:00Z');
    const october = await service.signInByPasskey(passkey);
    await rename(october, alice.administratorId, 'Alice October');
    await service.setClock('2026-11-01T00:00:00Z');
    const november = await service.signInByPasskey(passkey);
    expect(kindsOf((await page(november, '?month=2026-09')).items)).toEqual(['passkey-added', 'customer-activated']);
    const inOctober = await page(november, '?month=2026-10&limit=1');
    expect(kindsOf(inOctober.items)).toEqual(['administrator-edited']);
    const rest = await page(november, `?month=2026-10&limit=1&cursor=${inOctober.nextCursor ?? ''}`);
    expect(kindsOf(rest.items)).toEqual(['session-begun']);
    expect((await page(november, '?month=2025-01')).items).toEqual([]);
    // The cursor is before the month.
    expect((await page(november, `?month=2026-11&cursor=${inOctober.nextCursor ?? ''}`)).items).toEqual([]);

    await service.setClock(Date.parse('2026-10-01T00:05:00Z') + 397 * DAY);
    const later = await service.signInByPasskey(passkey);
    const kept = (await page(later)).items;
    expect(kept.at(-1)?.at.slice(0, '2026-10-01'.length)).toBe('2026-10-01');
    expect(kindsOf(kept)).toEqual(['session-begun', 'session-begun', 'administrator-edited', 'session-begun']);
    const ttls = (await stored(alice)).map(({ at, ttl }) => Number(ttl) * 1_000 - Number(at));
    for (const ttl of ttls) expect(Math.floor(ttl / DAY)).toBe(397);
  });

  it('can be limited to an author or a topic, also if 1,000 other entries lie between', async () => {
    const alice = await service.signUp();
    const bob = await service.addAdministrator(alice.session, 'privileged');
    await rename(bob.session, bob.administratorId, 'Bob Baba II');
    await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 10 });
    const kinds = async (query: string) => kindsOf((await page(alice.session, query)).items);
    expect(await kinds(`?by=${bob.administratorId}`)).toEqual(['administrator-edited', 'administrator-activated']);
    expect(await kinds('?by=operator')).toEqual(['license-set']);
    expect(await kinds('?topic=customer')).toEqual(['customer-activated']);
    expect(await kinds(`?topic=administrators&by=${alice.administratorId}`)).toEqual(['administrator-added']);
    expect(await kinds('?topic=licenses&by=service')).toEqual([]);
    expect((await service.send(`GET ${PATH}?topic=secrets`, { as: alice.session })).status).toBe(400);
    expect((await service.send(`GET ${PATH}?by=adm_1`, { as: alice.session })).status).toBe(400);

    const table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    const { customerId } = alice;
    const at = service.now() + 1_000;
    for (let index = 0; index < 1_001; index += 1) {
      const id = `aud_${String(index).padStart(20, '0')}`;
      const entry = { customerId, id, at: at + index, kind: 'mau-exported', by: 'administrator', byId: 'x' } as const;
      await storeAuditEntry(table, entry, Math.floor((at + DAY) / 1_000));
    }
    const first = await page(alice.session, '?topic=administrators&limit=2');
    expect([first.items, first.nextCursor]).toEqual([[], expect.any(String)]);
    const second = await page(alice.session, `?topic=administrators&limit=2&cursor=${first.nextCursor ?? ''}`);
    const third = await page(alice.session, `?topic=administrators&limit=2&cursor=${second.nextCursor ?? ''}`);
    expect([second, third].map(({ items }) => kindsOf(items))).toEqual([
      ['administrator-edited', 'administrator-activated'],
      ['administrator-added'],
    ]);
    expect(third.nextCursor).toBeNull();
    const csv = await service.send(`GET ${PATH}?topic=administrators`, { as: alice.session, headers: CSV });
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(1 + 3);
  });

  it('is only for privileged administrators of the customer', async () => {
    const stranger = await service.signUp(); // before Alice, whose cursor the stranger uses
    const alice = await service.signUp();
    const bob = await service.addAdministrator(alice.session, 'administrator');
    for (const headers of [{}, CSV]) {
      const refused = await service.send(`GET ${PATH}`, { as: bob.session, headers });
      expect([refused.status, refused.body]).toMatchObject([403, { type: '/problems/forbidden' }]);
      expect((await service.send(`GET ${PATH}`, { headers })).status).toBe(401);
    }
    expect(kindsOf((await page(stranger.session)).items)).toEqual(['customer-activated']);
    const { nextCursor } = await page(alice.session, '?limit=1');
    const foreign = await page(stranger.session, `?cursor=${nextCursor ?? ''}`);
    expect(foreign.items.map(({ kind, by }) => [kind, by.id])).toEqual([
      ['customer-activated', stranger.administratorId],
    ]);
    expect((await service.send(`GET ${PATH}?cursor=AAAA`, { as: alice.session })).status).toBe(400);
    expect((await service.send(`GET ${PATH}?month=2026-13`, { as: alice.session })).status).toBe(400);
  });

  it('takes at most 1 KB for an entry, and contains no secret, whatever the values are', async () => {
    const alice = await service.signUp('𝒳'.repeat(100));
    const { session } = alice;
    const long = '漢'.repeat(200);
    const headers = { 'user-agent': `Mozilla/5.0 ${'x'.repeat(1_000)}` };
    const send = (request: string, body: unknown, more = {}) =>
      service.send(request, { as: session, body, headers: { ...headers, ...more } });
    await send(`PATCH /v1/administrators/${alice.administratorId}`, { name: long });
    const name = '字'.repeat(200);
    await send('POST /v1/administrators', { name: long, email: service.newEmail(), privilege: 'privileged' });
    const etag = { 'if-match': '"1"' };
    expect(
      (await send('PATCH /v1/customer', { name, address: name, phoneNumber: '+81 3 0000 0000' }, etag)).status,
    ).toBe(200);
    const rp = await service.newRp(session);
    const { apiKey } = await service.newApiKey(session, rp.id);
    const origins = Array.from({ length: 10 }, (_, index) => `https://${'x'.repeat(50)}${index}.shop.example.com`);
    const edited = await send(`PATCH /v1/rps/${rp.id}`, { name: long, settings: { origins, timeoutSeconds: 120 } });
    expect([edited.status, edited.text]).toMatchObject([200, expect.any(String)]);
    const userId = `user-${'x'.repeat(120)}`;
    await service.registerUsers(apiKey, [userId]);
    expect((await send(`PATCH /v1/rps/${rp.id}/users/${userId}`, { displayName: long })).status).toBe(200);

    const entries = await stored(alice);
    expect(entries.length).toBeGreaterThanOrEqual(7);
    for (const entry of entries) expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThanOrEqual(1_024);
    const text = JSON.stringify(entries);
    for (const secret of service.secrets) expect(text).not.toContain(secret);
    const edit = (await page(session)).items.find(({ kind }) => kind === 'customer-edited');
    expect(edit?.before).toMatchObject({ address: null, phoneNumber: null });
    expect(edit?.after).toMatchObject({ name: expect.stringMatching(/^字+…$/) as string });
  });

  it('shows what the operator did, without the name of the operator', async () => {
    const alice = await service.signUp();
    const { customerId } = alice;
    const before = await stored(alice);
    const endsAt = '2036-01-01T00:00:00Z';
    await service.operate({ command: 'set-license', customerId, type: 'starter', endsAt, dryRun: true });
    await service.operate({ command: 'set-license', customerId, type: 'free', endsAt });
    expect(await stored(alice)).toEqual(before);
    await service.setLicense(customerId, { type: 'starter', endsAt });
    await service.setLicense(customerId, { type: 'starter', endsAt: '2036-02-01T00:00:00Z' });
    // The values contain only what differs, so the subject names the plan.
    expect((await page(alice.session, '?limit=1')).items).toMatchObject([
      { subject: { id: 'starter' }, after: { endsAt: '2036-02-01T00:00:00Z' } },
    ]);
    await service.setLicense(customerId, { type: 'business', startsAt: '2035-01-01T00:00:00Z', endsAt });
    await service.operate({ command: 'cancel-license', customerId, startsAt: '2035-01-01T00:00:00Z' });
    const { items } = await page(alice.session, '?limit=4');
    expect(kindsOf(items)).toEqual(['license-cancelled', 'license-set', 'license-set', 'license-set']);
    for (const { by, ipAddress } of items) {
      expect([by, ipAddress]).toEqual([{ type: 'operator', id: null, name: null }, null]);
    }
    expect(items[3]).toMatchObject({ before: { type: 'free' }, after: { type: 'starter', endsAt } });
    const { body } = await service.send(`GET ${PATH}`, { as: alice.session });
    expect(JSON.stringify(body)).not.toContain('olga');

    await service.operate({ command: 'set-representative-email', customerId, email: service.newEmail() });
    const shown = await runOperator(['activity', customerId], new URL(service.url).port);
    expect([shown.exitCode, shown.stderr]).toEqual([0, '']);
    const lines = shown.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^AT +BY +KIND +SUBJECT +FROM +BEFORE → AFTER$/);
    expect(lines[1]).toMatch(/operator olga +email-changed +Alice Arai adm_/);
    expect(lines).toHaveLength(1 + 6);
    const month = new Date(service.now()).toISOString().slice(0, 'yyyy-mm'.length);
    const json = await runOperator(['--json', 'activity', customerId, '--month', month], new URL(service.url).port);
    const all = JSON.parse(json.stdout) as { items: AuditEntryView[]; hasMore: boolean };
    expect([all.hasMore, kindsOf(all.items)]).toEqual([
      false,
      ['email-changed', 'license-cancelled', 'license-set', 'license-set', 'license-set', 'customer-activated'],
    ]);
    const none = await runOperator(['activity', `cus_${'0'.repeat(20)}`], new URL(service.url).port);
    expect([none.exitCode, none.stderr]).toMatchObject([1, expect.stringContaining('There is no customer')]);
  });

  it('names the service when the grace period ends, and is discarded with the customer', async () => {
    const alice = await service.signUp();
    const body = { confirmation: 'Example Corporation' };
    await service.send('POST /v1/customer/unsubscription', { as: alice.session, body });
    await service.pass(4 * DAY);
    await service.send('POST /_local/schedules/begin-discarding');
    const last = (await stored(alice)).at(-1);
    expect(last).toMatchObject({ kind: 'customer-unsubscribed', by: 'service', byName: 'schedule' });
    await service.pass(DAY);
    await expect.poll(() => stored(alice), { timeout: 30_000, interval: 300 }).toEqual([]);
  });
});
