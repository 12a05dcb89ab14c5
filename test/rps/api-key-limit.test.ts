import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdministratorCaller } from '../../functions/domain/callers.ts';
import { ForbiddenError, NotFoundError } from '../../functions/domain/errors.ts';
import { createApiKey } from '../../functions/domain/rps/create-api-key.ts';
import { deleteApiKey } from '../../functions/domain/rps/delete-api-key.ts';
import { registerRp } from '../../functions/domain/rps/register-rp.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { rpKey } from '../../functions/table/keys.ts';
import { readRp } from '../../functions/table/rps.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient } from '../support/table-faults.ts';

let metering: Metering;
let caller: AdministratorCaller;
let id: string;
beforeEach(async () => {
  metering = await openMetering();
  const owner = await metering.signUp();
  caller = await owner.caller();
  ({ id } = await registerRp(metering.services, caller, { rpId: 'shop.example', name: 'Shop' }));
});

/** Creates an API key with a separate DynamoDB client, as another process would. */
const create = () =>
  createApiKey({ ...metering.services, table: anotherClient(metering.table) }, caller, id, { name: 'Production' });
const remove = (keyId: string) =>
  deleteApiKey({ ...metering.services, table: anotherClient(metering.table) }, caller, { id, keyId });
/**
 * Sends `many` requests to create an API key at the same time. Returns the IDs of the created API keys. Expects that
 * every failed request failed with a `ForbiddenError`.
 */
async function createAtOnce(many: number): Promise<string[]> {
  const settled = await Promise.allSettled(Array.from({ length: many }, create));
  return settled.flatMap((creation) => {
    if (creation.status === 'fulfilled') return [creation.value.keyId];
    expect(creation.reason).toBeInstanceOf(ForbiddenError);
    return [];
  });
}
const stored = async () => (await metering.dump()).filter(({ pk }) => String(pk).startsWith('API-KEY#')).length;
const counted = async () => (await readRp(metering.table, caller.customer.customerId, id, 'strong'))?.apiKeys;
/**
 * Removes the count of API keys from the RP. Earlier versions of the service did not limit the number of API keys, and
 * registered RPs without this count.
 */
const forgetCount = () =>
  metering.table.client.send(
    new UpdateCommand({
      TableName: metering.table.name,
      Key: rpKey(caller.customer.customerId, id),
      UpdateExpression: 'REMOVE apiKeys',
    }),
  );

describe('an RP', () => {
  it('has at most 25 API keys, even if 40 requests create API keys at the same time', async () => {
    expect(await createAtOnce(40)).toHaveLength(25);
    expect([await stored(), await counted()]).toEqual([25, 25]);
    await expect(create()).rejects.toThrow('An RP has at most 25 API keys. Delete one first.');
  });

  it('with 25 API keys allows only one new API key after two requests delete the same API key', async () => {
    const keyIds = await createAtOnce(25);
    const [keyId = ''] = keyIds;
    const deletions = await Promise.allSettled([remove(keyId), remove(keyId)]);
    expect(deletions.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await counted()).toBe(24);
    expect(await createAtOnce(5)).toHaveLength(1);
    expect([await stored(), await counted()]).toEqual([25, 25]);
  });

  it('keeps the exact count of its API keys when requests create and delete API keys at the same time', async () => {
    const keyIds = await createAtOnce(25);
    await Promise.all([...keyIds.slice(0, 10).map(remove), createAtOnce(20)]);
    expect(await counted()).toBe(await stored());
    expect(await stored()).toBeLessThanOrEqual(25);
  });

  it('cannot get a new API key after the RP is removed', async () => {
    await removeRp({ ...metering.services, discard: () => Promise.resolve() }, caller, id);
    await expect(create()).rejects.toThrow(NotFoundError);
    expect(await stored()).toBe(0);
  });
});

describe('an RP without a stored count of API keys', () => {
  it('gets the exact count when requests create API keys at the same time', async () => {
    await createAtOnce(20);
    await forgetCount();
    expect(await createAtOnce(10)).toHaveLength(5);
    expect([await stored(), await counted()]).toEqual([25, 25]);
  });

  it('gets the exact count when requests create and delete API keys at the same time', async () => {
    const keyIds = await createAtOnce(20);
    await forgetCount();
    const [created] = await Promise.all([createAtOnce(3), ...keyIds.slice(0, 5).map(remove)]);
    expect(created).toHaveLength(3);
    expect([await stored(), await counted()]).toEqual([18, 18]);
  });
});
