import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { reapplyToTable } from '../../bin/restore/reapply-to-table.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openTestTable } from '../support/engine.ts';
import { openMetering } from '../support/metering/metering.ts';

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
  const at = new Date(backedUpAt);
  const reapply = () => reapplyToTable(restored.table, discarding.closingRecords, { at, log: () => undefined });
  expect(await reapply()).toMatchObject({ records: 1, discarded: 1, absent: 0, rps: 0 });
  const after = await restored.dump();
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
