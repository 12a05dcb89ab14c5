import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { toTtl } from '../../functions/domain/time.ts';
import { build } from '../../functions/events/discard-items.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { readClosingRecord } from '../../functions/table/closing-records.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { userKey } from '../../functions/table/keys.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering } from '../support/metering/metering.ts';

const RPS = 8;

it('the discarding worker discards a customer in several invocations, and counts each discarded item once', async () => {
  const metering = await openMetering();
  const { services, clock, table } = metering;
  const { queue, services: discarding } = await openDiscarding(metering);
  const customer = await metering.signUp();
  const { customerId } = customer;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free', maxRegisteredRps: RPS });
  for (let made = 0; made < RPS; made += 1) {
    const rp = await customer.rp();
    await metering.register(rp, ['a', 'b']);
    const user = {
      customerId,
      rpRef: rp.rpRef,
      month: '2026-11',
      userId: 'a',
      firstOperationAt: 1,
      source: 'reported' as const,
    };
    await putActiveUser(table, user, toTtl(clock.time));
  }
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await customer.caller(), { confirmation: 'Example Corporation' });

  // Each invocation finds that no time is left when it first checks the remaining time.
  const handler = build(discarding);
  for (let deliveries = 0; queue.waiting.size > 0; deliveries += 1) {
    expect(deliveries, 'deliveries').toBeLessThan(200);
    clock.time += 5_000;
    for (const entry of queue.due()) {
      await queue.deliver(entry, (message) =>
        handler({ Records: [{ body: JSON.stringify(message) }] } as Parameters<typeof handler>[0], {
          awsRequestId: 'invocation-1',
          getRemainingTimeInMillis: () => 0,
        }),
      );
    }
    const { unsubscription } = (await readCustomer(table, customerId, 'strong')) ?? {};
    if (unsubscription?.mail) await deleteMail(table, unsubscription.mail.mailId);
  }
  const left = (await metering.dump()).filter((item) => JSON.stringify(item).includes(customerId));
  expect(left.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${customerId}`]);
  expect(await readClosingRecord(table, customerId)).toMatchObject({
    discarded: { rp: RPS, 'api-key': RPS, user: 2 * RPS, 'active-user': RPS, customer: 1 },
  });
});

it('the discarding worker counts each item of a partition once, even if counting takes several invocations', async () => {
  const metering = await openMetering();
  const { services, table } = metering;
  const { queue, worker, runDry } = await openDiscarding(metering);
  const owner = await metering.signUp();
  const { customerId } = owner;
  const rp = await owner.rp();
  await metering.register(rp, ['a']);
  // The items do not fit into one read, which returns at most 1 MB.
  const attribute = 'x'.repeat(300_000);
  for (let made = 0; made < 8; made += 1) {
    const { pk } = userKey(rp.rpRef, 'a');
    const Item = { pk, sk: `LARGE#${made}`, attribute };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
  }
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await owner.caller(), { confirmation: 'Example Corporation' });
  let goneOn = 0;
  const take = worker(table, queue.discard, () => 0);
  await runDry((message) => {
    if (message.what === 'customer' && (message.uncounted ?? []).length > 0) goneOn += 1;
    return take(message);
  });
  expect(goneOn).toBeGreaterThan(1);
  expect(await readClosingRecord(table, customerId)).toMatchObject({ discarded: { large: 8, user: 1, rp: 1 } });
});

it('the discarding worker ignores a queue message that names one customer but a partition of another customer', async () => {
  const metering = await openMetering();
  const { services, table } = metering;
  const { queue, services: discarding } = await openDiscarding(metering);
  const [leaving, other] = [await metering.signUp(), await metering.signUp()];
  const [rp, ours] = [await other.rp(), await leaving.rp()];
  await metering.register(rp, ['a', 'b']);
  await metering.register(ours, ['a', 'b']);
  await setLicense(services, { operator: 'test' }, leaving.customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await leaving.caller(), { confirmation: 'Example Corporation' });
  const before = (await metering.dump()).length;

  const handler = build(discarding);
  const empty = (partition: string) => {
    const body = JSON.stringify({ what: 'partition', customerId: leaving.customerId, partition });
    return handler({ Records: [{ body }] } as Parameters<typeof handler>[0], {
      awsRequestId: 'invocation-1',
      getRemainingTimeInMillis: () => 9_999,
    });
  };
  for (const pk of [
    `RP#${rp.rpRef}`,
    `ACTIVE#${rp.rpRef}#2026-11#00`,
    `CUSTOMER#${other.customerId}`,
    `CUSTOMER#${leaving.customerId}`,
    `EMAIL#${other.email}`,
  ]) {
    await empty(pk);
  }
  expect(await metering.dump()).toHaveLength(before);
  await empty(`RP#${ours.rpRef}`);
  expect(await metering.dump()).toHaveLength(before - 2);
  expect(await readCustomer(table, other.customerId, 'strong')).toMatchObject({ status: 'active' });
});
