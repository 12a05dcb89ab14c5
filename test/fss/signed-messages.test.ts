import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../functions/api/functions/fss.ts';
import { authenticateFssCall, withRememberedFssKeys } from '../../functions/domain/fss/authenticate-fss-call.ts';
import { FssError } from '../../functions/domain/fss/fss-call.ts';
import { newNonce } from '../../functions/domain/fss/fss-nonce.ts';
import type { FssProof } from '../../functions/domain/fss/fss-proof.ts';
import { rememberedSecrets, stageSecretOf } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { createApiKey } from '../../functions/domain/rps/create-api-key.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { MINUTE, SECOND } from '../../functions/domain/time.ts';
import { createTokenBuckets } from '../../functions/domain/token-buckets.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openDiscarding } from '../support/discarding.ts';
import { setStatus } from '../support/customer-status.ts';
import { signatureOf, type FssKeyType } from '../support/fss-client.ts';
import { LONG } from '../support/long.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, dyingAt, injectFaults, measure, timeOut, watchAttempts } from '../support/table-faults.ts';

let metering: Metering;
beforeAll(async () => {
  metering = await openMetering();
});

type Owner = Awaited<ReturnType<Metering['signUp']>>;
let owner: Owner;
let rp: Awaited<ReturnType<Owner['rp']>>;
let key: { apiAuthId: string; secretKey: string };
beforeEach(async () => {
  owner = await metering.signUp();
  rp = await owner.rp();
  key = await newKey('date-signature');
});

async function newKey(type: FssKeyType) {
  const created = await createApiKey(metering.services, await owner.caller(), rp.rpRef, { name: 'FSS', type });
  if (created.type === 'bearer') throw new Error('The key has the wrong type.');
  return created;
}

let secrets = [stageSecretOf('test')];
/** Starts a process whose clock is `ahead` milliseconds ahead. */
function start(table: Table = anotherClient(metering.table), ahead = 0) {
  const services = metering.process(table);
  const clock = { now: () => metering.clock.now() + ahead };
  return {
    ...withRememberedFssKeys({ ...services, clock }),
    ...rememberedSecrets(() => Promise.resolve(secrets), clock),
  };
}
type Process = ReturnType<typeof start>;

const BODY = Buffer.from('{}');
async function proofWith(salt: { requestTime: string } | { nonce: string }, by = key): Promise<FssProof> {
  const hash = createHash('sha256').update(BODY).digest();
  const text = 'nonce' in salt ? salt.nonce : salt.requestTime;
  return {
    ...{
      rpId: await rpIdOf(),
      apiAuthId: by.apiAuthId,
      accessKey: undefined,
      requestTime: undefined,
      nonce: undefined,
    },
    ...salt,
    bodyHash: hash.toString('base64url'),
    signature: signatureOf(by.secretKey, Buffer.concat([Buffer.from(text), hash])),
  };
}
const rpIdOf = async () => {
  const items = await metering.dump();
  return String(items.find(({ sk }) => sk === `RP#${rp.rpRef}`)?.['rpId']);
};
let counter = 0;
const message = (offset = 0) =>
  proofWith({ requestTime: new Date(metering.clock.time + offset + (counter += 1)).toISOString() });
const call = (by: Process, proof: FssProof) => authenticateFssCall(by, proof, BODY);
const expectRefused = (outcome: Promise<unknown>) => expect(outcome).rejects.toThrow(FssError);
const entries = async () => (await metering.dump()).filter(({ pk }) => pk === `SIGNED-CALL#${rp.rpRef}`);

describe('a signed message', () => {
  it('is accepted if the answer of the write was lost and the SDK repeats the write', async () => {
    for (const fault of ['before', 'after'] as const) {
      const faults = [fault === 'before' ? { before: timeOut() } : { after: timeOut() }];
      const attempts: string[] = [];
      const table = injectFaults(anotherClient(metering.table), ({ command, input }) => {
        const isUse = JSON.stringify(input).includes('SIGNED-CALL#');
        if (isUse) attempts.push(command);
        return isUse ? faults.pop() : undefined;
      });
      const proof = await message();
      await call(start(table), proof);
      expect(attempts).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
      await expectRefused(call(start(), proof));
    }
  });

  it('is used up, or can be sent again, if the process dies after or before the write', async () => {
    await call(start(), await message()); // writes the last use of the key
    const [before, after] = [await message(), await message()];
    await expect(call(start(dyingAt(metering.table, 1, 'before')), before)).rejects.toThrow('dead');
    await call(start(), before);
    await expect(call(start(dyingAt(metering.table, 1, 'after')), after)).rejects.toThrow('dead');
    await expectRefused(call(start(), after));
  });

  it('is accepted by one of 20 processes', async () => {
    const proof = await message();
    const processes = Array.from({ length: 20 }, () => start());
    const settled = await Promise.allSettled(processes.map((process) => call(process, proof)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await entries()).toHaveLength(1);
  });

  it('is never accepted twice by processes whose clocks differ', async () => {
    for (const ahead of LONG ? [-4, -3, -2, -1, 1, 2, 3, 4, 5, 6] : [-4, -1, 1, 6]) {
      for (const offset of LONG ? [-119, -60, 0, 60, 119] : [-119, 0, 119]) {
        const proof = await message(offset * SECOND);
        const processes = [start(), start(undefined, ahead * MINUTE), start(), start(undefined, ahead * MINUTE)];
        let accepted = 0;
        for (const process of processes) {
          await call(process, proof).then(
            () => (accepted += 1),
            () => undefined,
          );
        }
        expect([ahead, offset, accepted]).toEqual([ahead, offset, 1]);
      }
    }
  });

  it('costs one write unit, and nothing else while the process remembers the key', async () => {
    const table = anotherClient(metering.table);
    const used = measure(table);
    const process = start(table);
    await call(process, await message());
    const before = { ...used };
    const [first, second] = [await message(), await message()];
    await call(process, first);
    expect({ read: used.read - before.read, write: used.write - before.write }).toEqual({ read: 0, write: 1 });
    await call(process, second);
    await expectRefused(call(process, first));
    // DynamoDB charges a unit for a write whose condition is false too, but does not report it.
    expect({ read: used.read - before.read, write: used.write - before.write }).toEqual({ read: 0, write: 2 });
  });

  it('has an entry that DynamoDB deletes after 5 minutes, and that contains nothing of the call', async () => {
    await call(start(), await message());
    const [entry] = await entries();
    expect(Object.keys(entry ?? {}).sort()).toEqual(['attempt', 'endsAt', 'pk', 'sk', 'ttl']);
    expect(entry).toMatchObject({ ttl: Math.ceil((metering.clock.time + 5 * MINUTE) / SECOND) });
  });
});

describe('the check of a key', () => {
  it('costs two small reads at most each 10 seconds', async () => {
    const calls: string[] = [];
    const process = start(watchAttempts(anotherClient(metering.table), ({ command }) => calls.push(command)));
    const access = await newKey('access-key');
    const rpId = await rpIdOf();
    const proof = { ...(await message()), rpId, apiAuthId: access.apiAuthId, accessKey: access.secretKey };
    await call(process, proof);
    expect(calls).toEqual(['GetItemCommand', 'BatchGetItemCommand', 'UpdateItemCommand']);
    calls.length = 0;
    metering.clock.time += 9 * SECOND;
    await call(process, proof);
    expect(calls).toEqual([]);
    metering.clock.time += SECOND + 1;
    await call(process, proof);
    expect(calls).toEqual(['GetItemCommand', 'BatchGetItemCommand']);
  });

  it('costs a stranger’s caller one read in 10 seconds, whatever the caller sends', async () => {
    const calls: string[] = [];
    const process = start(watchAttempts(anotherClient(metering.table), ({ command }) => calls.push(command)));
    const proof = { ...(await message()), signature: Buffer.alloc(64, 1).toString('base64url') };
    for (let sent = 0; sent < 5; sent += 1) await expectRefused(call(process, proof));
    expect(calls).toEqual(['GetItemCommand']);
    calls.length = 0;
    const unknown = { ...proof, apiAuthId: `key_${'0'.repeat(20)}` };
    for (let sent = 0; sent < 5; sent += 1) await expectRefused(call(process, unknown));
    expect(calls).toEqual(['GetItemCommand', 'GetItemCommand']);
  });

  it('is answered with 429 if callers have sent too many unknown keys to the process', async () => {
    const unknownApiKeys = createTokenBuckets(metering.clock, { capacity: 3, perSecond: 1 });
    const answer = build({ ...start(), unknownApiKeys } as unknown as Parameters<typeof build>[0]);
    const sent = async (id: number) => {
      const event = httpEvent('POST /api/{proxy+}', { body: {}, now: metering.clock.time });
      const headers = { ...event.headers, 'x-fss-api-auth-id': `key_${String(id).padStart(20, '0')}` };
      return answer({ ...event, rawPath: '/api/noSuchCall', headers }, contextOf({ name: 'fss' }));
    };
    for (let id = 0; id < 3; id += 1) expect(await sent(id)).toMatchObject({ statusCode: 200 });
    const { statusCode, headers, body } = await sent(3);
    expect([statusCode, headers]).toMatchObject([429, { 'retry-after': '1' }]);
    expect(JSON.parse(body ?? '')).toMatchObject({ appStatus: 'UNEXPECTED_ERROR' });
  });

  it('refuses the key within 10 seconds after the customer began to unsubscribe', async () => {
    const process = start();
    await call(process, await message());
    await setStatus(metering.table, owner.customerId, 'unsubscribing');
    metering.clock.time += 10 * SECOND + 1;
    await expectRefused(call(process, await message()));
    await expectRefused(call(start(), await message()));
    expect(await entries()).toHaveLength(1);
  });
});

it('a nonce is accepted after the secret of the stage was rotated, by processes with the old and with the new secret', async () => {
  key = await newKey('nonce-signature');
  const [old, rotated] = [start(), start()];
  const [first, second] = [await newNonce(old), await newNonce(old)];
  await call(old, await proofWith({ nonce: first }));
  secrets = [stageSecretOf('rotated'), stageSecretOf('test')];
  const renewed = await newNonce(rotated);
  await call(rotated, await proofWith({ nonce: second }));
  // The process with the old secrets reads them again.
  await call(old, await proofWith({ nonce: renewed }));
  secrets = [stageSecretOf('another stage')];
  await expectRefused(call(start(), await proofWith({ nonce: await newNonce(old) })));
  secrets = [stageSecretOf('test')];
});

describe('discarding', () => {
  it('an RP discards the signed messages that it used, also one that a process with a cached key stores after the removal', async () => {
    const discarding = await openDiscarding(metering);
    const process = start();
    await call(process, await message());
    expect(await entries()).toHaveLength(1);
    const late = await message(9 * SECOND);
    await removeRp({ ...metering.services, discard: discarding.queue.discard }, await owner.caller(), rp.rpRef);
    metering.clock.time += 9 * SECOND;
    await call(process, late);
    expect(await entries()).toHaveLength(2);
    await discarding.runDry(discarding.worker(metering.table, discarding.queue.discard));
    expect(await entries()).toEqual([]);
  });
});
