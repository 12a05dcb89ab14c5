import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { toTtl } from '../../functions/domain/time.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { readClosingRecord } from '../../functions/table/closing-records.ts';
import { activeUserKey, userKey } from '../../functions/table/keys.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering } from '../support/metering/metering.ts';

/**
 * Creates a customer with an RP. The RP has a partition of users and a partition of active-user records. Each partition
 * contains an item about a user and items of two kinds that the service does not know. The sort keys of one kind begin
 * with `CREDENTIAL#` and sort before `USER#`. The sort keys of the other kind begin with `USER-NAME#` and sort after
 * `USER#`.
 */
async function open() {
  const metering = await openMetering();
  const discarding = await openDiscarding(metering);
  const { table, clock, services } = metering;
  const owner = await metering.signUp();
  const { customerId } = owner;
  const rp = await owner.rp();
  const { rpRef } = rp;
  await metering.register(rp, ['a']);
  const user = { customerId, rpRef, month: '2026-11', userId: 'a', firstOperationAt: 1, source: 'reported' as const };
  await putActiveUser(table, user, toTtl(clock.time));
  for (const { pk } of [userKey(rpRef, 'a'), activeUserKey(rpRef, '2026-11', 'a')]) {
    for (const sk of ['CREDENTIAL#x', 'USER-NAME#x', 'USER-NAME#y']) {
      await table.client.send(new PutCommand({ TableName: table.name, Item: { pk, sk } }));
    }
  }
  const left = async () => (await metering.dump()).filter(({ pk }) => String(pk).includes(`#${rpRef}`));
  return { ...metering, ...discarding, services, owner, rpRef, left };
}

it('the discarding worker discards all items of a removed RP except those in the partition of active-user records', async () => {
  const { services, owner, rpRef, queue, runDry, left, lines } = await open();
  expect(await left()).toHaveLength(8);
  await removeRp({ ...services, discard: queue.discard }, await owner.caller(), rpRef);
  await runDry();
  expect((await left()).filter(({ pk }) => pk === userKey(rpRef, 'a').pk)).toEqual([]);
  expect(await left()).toHaveLength(4);
  const logged = lines.filter(({ message }) => message === 'discarded').map(({ fields }) => fields?.['items']);
  expect(logged[0]).toEqual({ 'api-key': 1, credential: 1, user: 1, 'user-name': 2 });
});

it('the discarding worker counts and discards items of unknown kinds when it discards a customer', async () => {
  const { services, owner, queue, table, runDry, left } = await open();
  const { customerId } = owner;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await owner.caller(), { confirmation: 'Example Corporation' });
  await runDry();
  expect(await left()).toEqual([]);
  expect((await readClosingRecord(table, customerId))?.discarded).toMatchObject({
    ...{ user: 1, credential: 1, 'user-name': 2 },
    ...{ 'active-user': 1, 'active-credential': 1, 'active-user-name': 2 },
    ...{ rp: 1, 'api-key': 1, customer: 1, administrator: 1 },
  });
});
