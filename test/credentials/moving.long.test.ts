import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Algorithm, SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp } from '../support/fido2/ceremonies.ts';
import { exportAll, idOf, importAll, itemOf, passkeyOf } from '../support/fido2/moving.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ unsubscribeGraceHours: 0 });
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

const [CREDENTIALS, USERS] = LONG ? [2_000, 1_400] : [200, 140];
/** RSA keys are slow to create. */
const algorithmOf = (index: number): Algorithm => (index % 100 === 0 ? -257 : index % 5 === 0 ? -8 : -7);

it('credentials move to another customer after theirs was discarded, and every passkey signs in', async () => {
  const passkeys: SoftPasskey[] = [];
  const items = Array.from({ length: CREDENTIALS }, (_, index) => {
    const userId = `user-${index % USERS}`;
    const passkey = passkeyOf(userId, { algorithm: algorithmOf(index), signCount: index % 3 });
    passkeys.push(passkey);
    const user = { userName: `${userId}@example.com`, attributes: { number: index % USERS } };
    return itemOf(userId, passkey, { user, signCount: index % 3, createdAt: '2025-02-03T04:05:06Z' });
  });
  const from = await newTestRp(service, { isFree: true });
  await service.setLicense(from.owner.customerId, { type: 'free', maxRegisteredUsers: USERS });
  await importAll(service, from.apiKey, items);
  const exported = await exportAll(service, from.apiKey, 100);
  expect(exported).toHaveLength(CREDENTIALS);

  const session = await service.signIn(from.owner.email);
  const body = { confirmation: 'Example Corporation' };
  await service.send('POST /v1/customer/unsubscription', { as: session, body });
  await service.send('POST /_local/schedules/begin-discarding');
  await service.pass(3_600_000);
  const left = async () => {
    await service.drain();
    const texts = (await service.dump()).map((item) => [String(item['pk']), JSON.stringify(item)] as const);
    return texts
      .filter(([, text]) => text.includes(from.rpRef) || text.includes(from.owner.customerId))
      .map(([pk]) => pk);
  };
  await expect.poll(left, { timeout: 300_000, interval: 2_000 }).toEqual([`CLOSING-RECORD#${from.owner.customerId}`]);

  const to = await newTestRp(service, { isFree: true });
  await service.setLicense(to.owner.customerId, { type: 'free', maxRegisteredUsers: USERS });
  await importAll(service, to.apiKey, exported);
  expect(JSON.stringify(await exportAll(service, to.apiKey, 100))).toBe(JSON.stringify(exported));
  for (const [index, passkey] of passkeys.entries()) {
    const { user, credential } = await to.signIn(passkey);
    expect([user.userId, credential.id]).toEqual([`user-${index % USERS}`, idOf(passkey)]);
  }
}, 900_000);
