import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCredentialsContract } from '../../functions/contract/moving-credentials.ts';
import type { Algorithm, SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { exportAll, idOf, importAll, itemOf, passkeyOf, sendImport, statusesOf } from '../support/fido2/moving.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ unsubscribeGraceHours: 0 });
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

const PATIENTLY = { timeout: 60_000, interval: 200 };
/** Returns the keys of the items of an RP and of its customer, except the closing record. */
async function keysOf({ rpRef, owner }: TestRp) {
  await service.drain();
  const items = (await service.dump()).filter((item) =>
    [rpRef, owner.customerId].some((id) => JSON.stringify(item).includes(id)),
  );
  return items.map(({ pk }) => String(pk)).filter((pk) => !pk.startsWith('CLOSING-RECORD#'));
}

describe('an export', () => {
  let rp: TestRp;
  beforeAll(async () => {
    rp = await newTestRp(service);
    await importAll(service, rp.apiKey, [
      ...[1, 2, 3].map(() => itemOf('anna', passkeyOf('anna'))),
      { user: { userId: 'bert', userHandle: null, userName: 'Bert' }, credential: null },
      itemOf('carl', passkeyOf('carl')),
      ...[1, 2, 3, 4, 5].map(() => itemOf('dora', passkeyOf('dora'))),
    ]);
    await service.registerUsers(rp.apiKey, ['-eve']);
    await rp.register({ userId: 'fay', user: { displayName: 'Fay', userName: 'Fay F.' } });
  });

  it.each([1, 2, 3, 4, 5, 6, 100])('has every item once, sorted by user, with a limit of %i', async (limit) => {
    const items = await exportAll(service, rp.apiKey, limit);
    expect(items.map(({ user }) => user.userId).join(' ')).toBe(
      '-eve anna anna anna bert carl dora dora dora dora dora fay',
    );
    expect(new Set(items.map(({ credential }) => credential?.id)).size).toBe(11);
    expect(items.filter(({ credential }) => !credential).map(({ user }) => user.userId)).toEqual(['-eve', 'bert']);
    for (const item of items) expect(importCredentialsContract.body.safeParse({ items: [item] }).success).toBe(true);
  });

  it('goes on after its last item was removed, and during sign-ins', async () => {
    const path = (cursor: string) => `GET /v1/rp/credentials/export?limit=2&cursor=${cursor}`;
    const all = await exportAll(service, rp.apiKey);
    const first = await service.send('GET /v1/rp/credentials/export?limit=2', { as: rp.apiKey });
    const { nextCursor } = first.body as { nextCursor: string };
    const removed = all[1]?.credential?.id ?? '';
    await service.send(`DELETE /v1/rp/users/anna/credentials/${removed}`, { as: rp.apiKey });
    const second = await service.send(path(nextCursor), { as: rp.apiKey });
    expect(second.body).toMatchObject({ items: all.slice(2, 4) });
    await service.send('DELETE /v1/rp/users/anna', { as: rp.apiKey });
    const third = await service.send(path(nextCursor), { as: rp.apiKey });
    expect(third.body).toMatchObject({ items: all.slice(4, 6) });
  });

  it('refuses a cursor that is none, and a key of nobody', async () => {
    for (const cursor of ['AAAA', '!', Buffer.from('anna/a/b').toString('base64url')]) {
      const answer = await service.send(`GET /v1/rp/credentials/export?cursor=${cursor}`, { as: rp.apiKey });
      expectProblem(answer, 400, 'validation', '#/cursor');
    }
    expectProblem(await service.send('GET /v1/rp/credentials/export', { as: 'stranger' }), 401, 'unauthenticated');
    expectProblem(
      await service.send('GET /v1/rp/credentials/export', { as: rp.owner.session }),
      401,
      'unauthenticated',
    );
    expectProblem(await sendImport(service, rp.owner.session, [{}]), 401, 'unauthenticated');
  });
});

it('the key of another RP exports nothing of the RP, and imports into its own RP only', async () => {
  const [one, other] = [await newTestRp(service), await newTestRp(service)];
  const passkey = passkeyOf('anna');
  await importAll(service, one.apiKey, [itemOf('anna', passkey)]);
  expect(await exportAll(service, other.apiKey)).toEqual([]);
  const before = await exportAll(service, one.apiKey);
  const changed = itemOf('anna', passkey, { name: 'Other' });
  expect(statusesOf(await sendImport(service, other.apiKey, [changed]))).toEqual(['imported']);
  expect(await exportAll(service, one.apiKey)).toEqual(before);
  await one.signIn(passkey);
  await other.signIn(passkey);
});

it('credentials come back equal after the customer was discarded, and every passkey signs in', async () => {
  const from = await newTestRp(service, { isFree: true });
  const algorithms: Algorithm[] = [-7, -8, -257];
  const passkeys: SoftPasskey[] = [];
  for (let index = 0; index < 3; index += 1) {
    const userId = `registered-${index}`;
    const user = { userName: `Name ${index}`, displayName: index % 2 ? `User ${index}` : null };
    const created = await from.register({ userId, user }, { algorithm: algorithms[index % 3] ?? -7 });
    passkeys.push(created.passkey);
    if (index % 2 === 0) await from.signIn(created.passkey);
  }
  const imported = Array.from({ length: 8 }, (_, index) => {
    const userId = `imported-${index % 6}`;
    const passkey = passkeyOf(userId, { algorithm: index % 30 === 0 ? -257 : -7, signCount: index % 5 });
    passkeys.push(passkey);
    return itemOf(userId, passkey, {
      user: { attributes: { group: index % 6 }, userName: `Name of ${userId}` },
      ...{ signCount: index % 5, backupEligible: index % 7 === 0 ? null : false, name: `Passkey ${index}` },
      ...{ createdAt: '2025-02-03T04:05:06.007Z', attributes: index % 2 ? { index } : null },
      ...(index % 3 === 0 && { aaguid: '08987058-cadc-4b81-b6e1-30de50dcbe96' }),
    });
  });
  await importAll(service, from.apiKey, [...imported, { user: { userId: 'nobody' }, credential: null }]);
  const exported = await exportAll(service, from.apiKey, 7);
  expect(exported).toHaveLength(12);

  const confirmation = 'Example Corporation';
  const session = await service.signIn(from.owner.email);
  await service.send('POST /v1/customer/unsubscription', { as: session, body: { confirmation } });
  await service.send('POST /_local/schedules/begin-discarding');
  await service.pass(3_600_000);
  await expect.poll(() => keysOf(from), PATIENTLY).toEqual([]);

  const to = await newTestRp(service, { isFree: true });
  await importAll(service, to.apiKey, exported);
  expect(JSON.stringify(await exportAll(service, to.apiKey))).toBe(JSON.stringify(exported));
  for (const passkey of passkeys) {
    const { credential } = await to.signIn(passkey);
    expect(credential.id).toBe(idOf(passkey));
  }
});
