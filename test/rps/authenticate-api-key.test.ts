import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticateApiKey } from '../../functions/domain/rps/authenticate-api-key.ts';
import { TooManyRequestsError, UnauthenticatedError } from '../../functions/domain/errors.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { newApiKey } from '../../functions/domain/ids.ts';
import { HOUR, SECOND } from '../../functions/domain/time.ts';
import { createTokenBuckets } from '../../functions/domain/token-buckets.ts';
import { deleteApiKey, readApiKey } from '../../functions/table/api-keys.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { setStatus } from '../support/customer-status.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, behindReplica, watchAttempts } from '../support/table-faults.ts';

let metering: Metering;
beforeAll(async () => {
  metering = await openMetering();
});

type Owner = Awaited<ReturnType<Metering['signUp']>>;
let owner: Owner;
let rp: Awaited<ReturnType<Owner['rp']>>;
let warm: ReturnType<Metering['process']>;
let calls: string[];
beforeEach(async () => {
  owner = await metering.signUp();
  rp = await owner.rp();
  calls = [];
  warm = metering.process(watchAttempts(anotherClient(metering.table), ({ command }) => calls.push(command)));
});
const call = (key = rp.apiKey, by = warm) => authenticateApiKey(by, key);
const expectRefused = (key?: string, by?: typeof warm) => expect(call(key, by)).rejects.toThrow(UnauthenticatedError);

/** Events after which the service must refuse the API key. */
const ends: [string, () => Promise<unknown>][] = [
  ['its customer began to unsubscribe', () => setStatus(metering.table, owner.customerId, 'unsubscribing')],
  ['it was deleted', () => transact(metering.table, { apiKey: deleteApiKey(rp) })],
  [
    'its RP was removed',
    async () => removeRp({ ...metering.services, discard: () => Promise.resolve() }, await owner.caller(), rp.rpRef),
  ],
];

describe('an API key', () => {
  it('authenticates its RP', async () => {
    expect(await call()).toMatchObject({ customerId: owner.customerId, rpRef: rp.rpRef, keyId: rp.keyId });
  });

  it.each<[string, (key: string) => string]>([
    ['a wrong secret', (key) => key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')],
    ['a secret that is too short', (key) => key.slice(0, -1)],
    ['a secret that is too long', (key) => `${key}A`],
    ['a wrong ID', (key) => key.replace(/^fido2_./, (start) => `fido2_${start.endsWith('0') ? '1' : '0'}`)],
    ['no prefix', (key) => key.slice('fido2_'.length)],
    ['a line break at the end', (key) => `${key}\n`],
    ['no characters', () => ''],
  ])('is refused if it has %s', async (_, alter) => {
    expect(alter(rp.apiKey)).not.toBe(rp.apiKey);
    await expectRefused(alter(rp.apiKey));
  });

  it('is refused if it has the secret of another API key', async () => {
    const other = await owner.rp();
    await expectRefused(rp.apiKey.slice(0, -43) + other.apiKey.slice(-43));
  });

  it.each(ends)('is refused at once if %s and the API key is not cached', async (_, end) => {
    await end();
    await expectRefused();
  });

  it.each(ends)('is refused within 10 seconds if %s and the API key is cached', async (_, end) => {
    await call();
    await end();
    metering.clock.time += 10 * SECOND + 1;
    await expectRefused();
    await expectRefused();
  });

  it('stays in the cache for only 10 seconds, even if the process uses the API key during this time', async () => {
    await call();
    calls.length = 0;
    for (let seconds = 0; seconds < 9; seconds += 1) {
      metering.clock.time += SECOND;
      await call();
    }
    expect(calls).toEqual([]);
    metering.clock.time += SECOND + 1;
    await call();
    expect(calls).not.toEqual([]);
  });

  it('is refused if it has a wrong secret, even if the correct API key is cached', async () => {
    await call();
    await expectRefused(rp.apiKey.slice(0, -1) + (rp.apiKey.endsWith('A') ? 'B' : 'A'));
  });

  it('costs no read for 10 seconds after it was refused because its ID is unknown or its secret is wrong', async () => {
    for (const key of [newApiKey().apiKey, `${rp.apiKey.slice(0, -43)}${newApiKey().apiKey.slice(-43)}`]) {
      await expectRefused(key);
      calls.length = 0;
      await expectRefused(key);
      expect(calls).toEqual([]);
      metering.clock.time += 10 * SECOND + 1;
      await expectRefused(key);
      expect(calls).not.toEqual([]);
    }
    await call();
  });

  it('is read only once if its ID is unknown and the process has read too many unknown API keys', async () => {
    const unknownApiKeys = createTokenBuckets(metering.clock, { capacity: 3, perSecond: 1 });
    warm = { ...warm, unknownApiKeys };
    for (let sent = 0; sent < 3; sent += 1) await expectRefused(newApiKey().apiKey);
    calls.length = 0;
    const refused = call(newApiKey().apiKey);
    await expect(refused).rejects.toThrow(TooManyRequestsError);
    await expect(refused).rejects.toMatchObject({ retryAfter: 1 });
    expect(calls).toEqual(['GetItemCommand']);
    await call();
    metering.clock.time += SECOND;
    await expectRefused(newApiKey().apiKey);
  });

  it('is accepted as soon as its customer is active, even if the service refused the API key while the customer was provisional', async () => {
    const [key, { customerId }] = [rp.apiKey, owner];
    await setStatus(metering.table, customerId, 'provisional');
    await expectRefused(key);
    await setStatus(metering.table, customerId, 'active');
    await call(key);
  });

  it('is accepted even if eventually consistent reads miss the API key, its customer and its RP', async () => {
    const behind = metering.process(behindReplica(anotherClient(metering.table)));
    expect(await call(rp.apiKey, behind)).toMatchObject({ rpRef: rp.rpRef });
  });

  it.each(ends)('is refused if %s, even if eventually consistent reads find nothing', async (_, end) => {
    await end();
    await expectRefused(rp.apiKey, metering.process(behindReplica(anotherClient(metering.table))));
  });

  it('has a last-use time that the service updates at most once per hour', async () => {
    const lastUse = async () => (await readApiKey(metering.table, rp.keyId, 'strong'))?.lastUsedAt;
    expect(await lastUse()).toBeNull();
    await call();
    const first = metering.clock.now();
    expect(await lastUse()).toBe(first);
    metering.clock.time = first + HOUR - 1;
    await call();
    expect(await lastUse()).toBe(first);
    metering.clock.time = first + HOUR + 10 * SECOND;
    await call();
    expect(await lastUse()).toBe(metering.clock.now());
  });

  it('stays deleted even if a request uses it during the deletion', async () => {
    const own = anotherClient(metering.table);
    own.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName.startsWith('Update')) {
            await transact(metering.table, { apiKey: deleteApiKey(rp) });
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    await call(rp.apiKey, metering.process(own));
    expect(await readApiKey(metering.table, rp.keyId, 'strong')).toBeUndefined();
  });
});
