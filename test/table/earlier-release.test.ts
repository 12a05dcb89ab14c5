import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReauthenticationRequiredError } from '../../functions/domain/errors.ts';
import { openBegunByRp } from '../../functions/domain/fido2/sealing/open-begun-by-rp.ts';
import { newApiKey, newSecret } from '../../functions/domain/ids.ts';
import { getMau } from '../../functions/domain/metering/get-mau.ts';
import { recountActiveUsers } from '../../functions/domain/metering/recount-active-users.ts';
import { authenticateApiKey } from '../../functions/domain/rps/authenticate-api-key.ts';
import { deleteApiKey } from '../../functions/domain/rps/delete-api-key.ts';
import { listApiKeys } from '../../functions/domain/rps/list-api-keys.ts';
import { authenticateSession } from '../../functions/domain/sessions/authenticate-session.ts';
import { listSessions } from '../../functions/domain/sessions/list-sessions.ts';
import { requireRecentSignIn } from '../../functions/domain/sessions/recent-sign-in.ts';
import { HOUR } from '../../functions/domain/time.ts';
import { beginByRp } from '../support/fido2/begun-by-rp.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

/**
 * The table outlives each release, and during a deployment, the Lambda functions of two releases use the table at the
 * same time. Therefore, these tests store items in the format of an earlier release.
 */
let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
let rp: Awaited<ReturnType<typeof owner.rp>>;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-11-20T12:00:00Z' });
  owner = await metering.signUp();
  rp = await owner.rp();
});
const put = (Item: Record<string, unknown>) =>
  metering.table.client.send(new PutCommand({ TableName: metering.table.name, Item }));

describe('an API key that an earlier release stored', () => {
  let stored: ReturnType<typeof newApiKey>;
  beforeEach(async () => {
    stored = newApiKey();
    const { keyId, secretSha256 } = stored;
    const [pk, sk] = [`API-KEY#${keyId}`, `API-KEY#${keyId}`];
    const finder = { finderPk: `OWNED#${owner.customerId}`, finderSk: `API-KEY#${rp.rpRef}#${keyId}` };
    const apiKey = { customerId: owner.customerId, rp: rp.rpRef, keyId, name: 'Old', secretSha256, createdAt: 1 };
    await put({ pk, sk, ...finder, ...apiKey, lastUsedAt: null });
  });

  it('authenticates its RP', async () => {
    const { customerId, rpRef } = rp;
    const caller = await authenticateApiKey(metering.process(), stored.apiKey);
    expect(caller).toMatchObject({ customerId, rpRef, keyId: stored.keyId });
  });

  it('cannot begin an authentication without a call', async () => {
    const caller = await authenticateApiKey(metering.process(), stored.apiKey);
    const { ceremony } = beginByRp({ ...stored, rpId: caller.rp.rpId, begin: metering.clock.now() });
    const opened = openBegunByRp(metering.process(), caller, ceremony, undefined);
    await expect(opened).rejects.toMatchObject({ refusal: 'ceremony-invalid' });
  });

  it('can be listed and deleted', async () => {
    const listed = () =>
      owner.caller().then((caller) => listApiKeys(metering.services, caller, rp.rpRef, { limit: 50 }));
    expect((await listed()).items.map(({ keyId }) => keyId)).toContain(stored.keyId);
    await deleteApiKey(metering.services, await owner.caller(), { id: rp.rpRef, keyId: stored.keyId });
    expect((await listed()).items.map(({ keyId }) => keyId)).toEqual([rp.keyId]);
  });
});

it('a new API key has the attributes that an earlier release reads', async () => {
  const item = (await metering.dump()).find(({ pk }) => pk === `API-KEY#${rp.keyId}`);
  const secretSha256 = createHash('sha256').update(rp.apiKey.slice(-43)).digest('hex');
  expect(item).toMatchObject({ customerId: rp.customerId, rp: rp.rpRef, keyId: rp.keyId, secretSha256 });
});

describe('a session that an earlier release stored', () => {
  it('stays valid, is not recent and is not listed', async () => {
    const { customerId, administrator } = owner;
    const { administratorId } = administrator;
    const token = newSecret('ses');
    const sha256 = createHash('sha256').update(token).digest('hex');
    const [pk, finderPk, finderSk] = [`SESSION#${sha256}`, `OWNED#${customerId}`, `SESSION#${sha256}`];
    const now = metering.clock.now();
    const times = { signedInAt: now, lastUsedAt: now, expiresAt: now + HOUR };
    await put({ pk, sk: pk, finderPk, finderSk, customerId, administratorId, generation: 0, ...times });

    const caller = await authenticateSession(metering.services, token);
    expect(caller.administrator).toMatchObject({ customerId, administratorId });
    expect(() => {
      requireRecentSignIn(caller, now);
    }).toThrow(ReauthenticationRequiredError);
    const { items } = await listSessions(metering.services, caller, { limit: 50 });
    expect(items.map(({ current }) => current)).toEqual([false]);
  });
});

describe('the MAU counters that an earlier release stored', () => {
  let other: typeof rp;
  beforeEach(async () => {
    other = await owner.rp();
    const pk = `CUSTOMER#${owner.customerId}`;
    for (const [{ customerId, rpRef }, mau] of [
      [rp, 3],
      [other, 2],
    ] as const) {
      await put({ pk, sk: `MAU#2026-11#RP#${rpRef}`, month: '2026-11', rp: rpRef, mau, recountedAt: 1 });
      for (let user = 0; user < mau; user += 1) {
        const active = {
          customerId,
          rpRef,
          month: '2026-11',
          userId: `user-${user}`,
          firstOperationAt: 1,
          source: 'reported' as const,
        };
        await putActiveUser(metering.table, active, 0);
      }
    }
    await put({ pk, sk: 'MAU#2026-11#TOTAL', month: '2026-11', mau: 5 });
  });

  it('are shown for each RP and in the total', async () => {
    const { rps, total } = await getMau(metering.services, await owner.caller(), { months: 3 });
    expect(Object.fromEntries(rps.map(({ id, mau }) => [id, mau]))).toEqual({
      [rp.rpRef]: [0, 0, 3],
      [other.rpRef]: [0, 0, 2],
    });
    expect(total).toEqual([0, 0, 5]);
  });

  it('are not changed by a recount', async () => {
    const services = { ...metering.services, streamLag: () => Promise.resolve(0) };
    await recountActiveUsers(services, () => true);
    metering.clock.time += HOUR;
    expect(await recountActiveUsers(services, () => true)).toMatchObject({ completed: 0, drift: 0 });
    const { totals } = await metering.picture(owner.customerId);
    expect(totals).toEqual({ '2026-11': 5 });
  });
});
