import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { apiKeyFinder, apiKeyKey } from '../../functions/table/keys.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering } from '../support/metering/metering.ts';

/**
 * Creates two RPs with two users and one API key each, and adds 600 API keys to one of the RPs. RPs with so many API
 * keys may exist, because earlier versions of the service did not limit the number of API keys.
 */
async function open() {
  const metering = await openMetering();
  const discarding = await openDiscarding(metering);
  const { table, services } = metering;
  const owner = await metering.signUp();
  const { customerId } = owner;
  const [rp, other] = [await owner.rp(), await owner.rp()];
  for (const each of [rp, other]) await metering.register(each, ['a', 'b']);
  const keyIds = Array.from({ length: 600 }, (_, index) => `key_${index}`);
  const puts = keyIds.map((keyId) => ({
    PutRequest: {
      Item: {
        ...apiKeyKey(keyId),
        ...apiKeyFinder(customerId, rp.rpRef, keyId),
        ...{ customerId, rpRef: rp.rpRef, keyId },
      },
    },
  }));
  await metering.setStream(false);
  for (const batch of chunks(puts, 25)) {
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: batch } }));
  }
  const apiKeys = async () => (await metering.dump()).filter(({ pk }) => String(pk).startsWith('API-KEY#'));
  const users = async () => (await metering.dump()).filter(({ sk }) => String(sk).startsWith('USER#'));
  const remove = async () =>
    removeRp({ ...services, discard: discarding.queue.discard }, await owner.caller(), rp.rpRef);
  return { ...metering, ...discarding, rp, other, apiKeys, users, remove };
}

it('the discarding worker deletes one page of API keys when no time is left, and the rest in later invocations', async () => {
  const { queue, worker, table, clock, runDry, remove, apiKeys, users, other } = await open();
  await remove();
  const take = worker(table, queue.discard, () => 0);
  clock.time += 60_000;
  const [message] = queue.due();
  if (!message) throw new Error('No message was sent.');
  await queue.deliver(message, take);
  expect((await apiKeys()).length).toBe(602 - 500);
  expect(await users()).toHaveLength(4);
  expect(queue.waiting.size).toBe(1);

  await runDry(take);
  expect(await apiKeys()).toMatchObject([{ rp: other.rpRef }]);
  expect(await users()).toHaveLength(2);
});

it('the discarding worker ignores a queue message about an RP that was not removed', async () => {
  const { queue, clock, rp, apiKeys, users, runDry } = await open();
  const message = { what: 'rp', customerId: rp.customerId, id: rp.rpRef, removedBy: clock.now() } as const;
  await queue.discard([message], 0);
  expect(await runDry()).toBe(1);
  expect(await apiKeys()).toHaveLength(602);
  expect(await users()).toHaveLength(4);
});
