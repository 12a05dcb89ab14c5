import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { reapplyToTable } from '../../bin/restore/reapply-to-table.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openTestTable } from '../support/engine.ts';
import { openMetering } from '../support/metering/metering.ts';
import { addOperator, openSummaries, textOf } from '../support/summarized-customers.ts';

it('reapplyToTable discards exactly the unsubscribed customers from a restored backup', async () => {
  const metering = await openMetering();
  const { table, clock, services } = metering;
  const discarding = await openDiscarding(metering);
  const { queue } = discarding;
  const [leaving, staying] = [await metering.signUp(), await metering.signUp()];
  for (const customer of [leaving, staying]) {
    const rp = await customer.rp();
    await metering.register(rp, ['a', 'b', 'c']);
  }
  await setLicense(services, { operator: 'test' }, leaving.customerId, { type: 'free' });
  const backup = await metering.dump();
  const backedUpAt = clock.time;

  await unsubscribeCustomer(
    { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 },
    await leaving.caller(),
    {
      confirmation: 'Example Corporation',
    },
  );
  const take = discarding.worker(table);
  while (queue.waiting.size > 0) {
    clock.time += 15_000;
    for (const entry of queue.due()) await queue.deliver(entry, take);
    for (const { mailId } of await metering.dump()) if (typeof mailId === 'string') await deleteMail(table, mailId);
  }
  expect(JSON.stringify(await metering.dump())).not.toContain(leaving.email);

  const restored = await openTestTable();
  for (const Item of backup) {
    await restored.table.client.send(new PutCommand({ TableName: restored.table.name, Item }));
  }
  await addOperator(restored.table);
  await openSummaries(restored.table, clock).summarize();
  expect((await restored.dump()).map(textOf).join()).toContain(`"customerId":"${leaving.customerId}","name"`);
  const at = new Date(backedUpAt);
  const reapply = () => reapplyToTable(restored.table, discarding.closingRecords, { at, log: () => undefined });
  expect(await reapply()).toMatchObject({ records: 1, discarded: 1, absent: 0, rps: 0 });
  const after = await restored.dump();
  expect(after.filter(({ pk }) => String(pk).startsWith('OPERATOR-SUMMARY#'))).toEqual([]);
  const of = ({ customerId, email }: typeof leaving, items: typeof after) =>
    items.filter((item) => [customerId, email].some((name) => JSON.stringify(item).includes(name)));
  expect(of(leaving, after)).toMatchObject([
    { pk: `CLOSING-RECORD#${leaving.customerId}`, discarded: { user: 3, rp: 1, administrator: 1 } },
  ]);
  const byKey = (items: typeof after) => new Map(items.map((item) => [JSON.stringify([item['pk'], item['sk']]), item]));
  expect(byKey(of(staying, after))).toEqual(byKey(of(staying, backup)));

  expect(await reapply()).toMatchObject({ records: 1, discarded: 0, absent: 1, rps: 0 });
  expect(byKey(await restored.dump())).toEqual(byKey(after));
});

it('reapplyToTable completes the closing record of a customer whose discarding had only begun', async () => {
  const metering = await openMetering();
  const { services, clock } = metering;
  const discarding = await openDiscarding(metering);
  const { queue, closingRecords } = discarding;
  const [leaving, late] = [await metering.signUp(), await metering.signUp()];
  await metering.register(await leaving.rp(), ['a', 'b', 'c']);
  const backup = (await metering.dump()).filter((item) => !JSON.stringify(item).includes(late.customerId));
  const at = new Date(clock.time);
  for (const customer of [leaving, late]) {
    await setLicense(services, { operator: 'test' }, customer.customerId, { type: 'free' });
    await unsubscribeCustomer(
      { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 },
      await customer.caller(),
      { confirmation: 'Example Corporation' },
    );
  }
  clock.time += 60_000;
  for (const entry of queue.due()) await queue.deliver(entry, discarding.worker(metering.table));
  const begun = await readKeptClosingRecords(closingRecords);
  expect(begun.map(({ customerId, discardedAt }) => [customerId, discardedAt]).sort()).toEqual(
    [leaving, late].map(({ customerId }) => [customerId, null]).sort(),
  );

  const restored = await openTestTable();
  for (const Item of backup) {
    await restored.table.client.send(new PutCommand({ TableName: restored.table.name, Item }));
  }
  const reapply = () => reapplyToTable(restored.table, closingRecords, { at, log: () => undefined });
  expect(await reapply()).toMatchObject({ records: 2, discarded: 1, absent: 1 });
  const kept = await readKeptClosingRecords(closingRecords);
  const recordOf = ({ customerId }: typeof leaving) => kept.find((record) => record.customerId === customerId);
  const unsubscribedAt = begun.find(({ customerId }) => customerId === leaving.customerId)?.unsubscribedAt;
  expect(recordOf(leaving)).toMatchObject({
    ...{ unsubscribedAt, discardedAt: expect.any(Number) as number },
    discarded: { user: 3, rp: 1, administrator: 1 },
  });
  expect(recordOf(late)).toMatchObject({ discardedAt: expect.any(Number) as number });
  const own = (await restored.dump()).filter(({ pk }) => String(pk).startsWith('CLOSING-RECORD#'));
  expect(own.map(({ pk, sk, ...record }) => record)).toEqual(expect.arrayContaining(kept));
  expect(own).toHaveLength(2);

  expect(await reapply()).toMatchObject({ discarded: 0, absent: 2 });
  expect(await readKeptClosingRecords(closingRecords)).toEqual(kept);
});
