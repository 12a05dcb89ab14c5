import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ unsubscribeGraceHours: 0 });
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

const USERS = ['alice', 'bob', 'carol'] as const;
const PATIENTLY = { timeout: 60_000, interval: 500 };
const handleOf = (userId: string) => Buffer.from(`handle of ${userId}`).toString('base64url');

/** Registers the users of an RP, with the keys and credential IDs of `passkeys` if given. Returns their passkeys. */
async function fill(rp: TestRp, passkeys?: readonly SoftPasskey[]): Promise<SoftPasskey[]> {
  const created: SoftPasskey[] = [];
  for (const [index, userId] of USERS.entries()) {
    const user = { userName: `Name of ${userId}`, userHandle: handleOf(userId) };
    const same = passkeys?.[index];
    const { passkey } = await rp.register(
      { userId, user, attestation: 'direct' },
      { attests: 'self', ...(same && { keyPair: same, credentialId: same.credentialId }) },
    );
    await rp.signIn(passkey);
    created.push(passkey);
  }
  await service.authenticateUsers(rp.apiKey, USERS);
  return created;
}

/** Returns the items of an RP and of its customer. */
async function itemsOf({ rpRef, owner }: TestRp) {
  await service.drain();
  const items = await service.dump();
  return items.filter((item) => [rpRef, owner.customerId].some((id) => JSON.stringify(item).includes(id)));
}
const partitionsOf = async (rp: TestRp) => (await itemsOf(rp)).map(({ pk }) => String(pk));

it('customers with the same RP ID, users and passkeys leave nothing behind, and take nothing from each other', async () => {
  const leaving = await newTestRp(service, { isFree: true });
  const staying = await newTestRp(service, { isFree: true });
  const passkeys = await fill(leaving);
  await fill(staying, passkeys);
  const stayingItems = await itemsOf(staying);
  expect(stayingItems.length).toBeGreaterThan(USERS.length * 6);

  // The leaving customer removes the RP, and registers the same one with the same users before the old one is
  // discarded.
  const asLeaving = { as: leaving.owner.session };
  expect((await service.send(`DELETE /v1/rps/${leaving.rpRef}`, asLeaving)).status).toBe(204);
  const renewed = await newTestRp(service, { owner: leaving.owner });
  await fill(renewed, passkeys);
  await service.pass(60_000);
  await expect
    .poll(() => partitionsOf(leaving), PATIENTLY)
    .not.toContainEqual(expect.stringMatching(new RegExp(`^(RP|HANDLE|CREDENTIAL-ID)#${leaving.rpRef}`)));
  expect(await itemsOf(staying)).toEqual(stayingItems);
  for (const passkey of passkeys) await renewed.signIn(passkey);
  expectProblem(await leaving.beginAuthentication(), 401, 'unauthenticated');

  // The customer unsubscribes.
  const session = await service.signIn(leaving.owner.email);
  const confirmation = 'Example Corporation';
  const left = await service.send('POST /v1/customer/unsubscription', { as: session, body: { confirmation } });
  expect(left.status).toBe(202);
  await service.send('POST /_local/schedules/begin-discarding');
  await service.pass(3_600_000);
  const closingRecord = `CLOSING-RECORD#${leaving.owner.customerId}`;
  for (const rp of [leaving, renewed]) {
    await expect.poll(() => partitionsOf(rp), PATIENTLY).toEqual([closingRecord]);
  }
  expect(await itemsOf(staying)).toEqual(stayingItems);

  // The users of the other customer sign in, with and without their names, and are counted in a new month.
  await service.setClock('2026-12-02T08:00:00Z');
  for (const [index, userId] of USERS.entries()) {
    const passkey = passkeys[index];
    if (!passkey) throw new Error('The passkey is missing.');
    expect(await staying.signIn(passkey)).toMatchObject({ user: { userId }, operation: { status: 'counted' } });
    expect((await staying.signIn(passkey, { userId })).operation.status).toBe('already-counted');
    const found = await service.send(`GET /v1/rp/users?userName=Name+of+${userId}`, { as: staying.apiKey });
    expect(found.body).toMatchObject({ items: [{ userId, userHandle: handleOf(userId) }] });
  }
});
