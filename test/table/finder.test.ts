import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../functions/domain/rps/create-api-key.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { readApiKeysOf, updateLastUseOfApiKey } from '../../functions/table/api-keys.ts';
import { checkCustomerActive } from '../../functions/table/customers/conditions.ts';
import { countUsersIn } from '../../functions/table/customers/registered-counts.ts';
import { findMauAlerts, readCustomerPage, type FoundMauAlert } from '../../functions/table/customers/find-customers.ts';
import { readCustomer, type MauAlertSetting } from '../../functions/table/customers/customers.ts';
import type { Cursor } from '../../functions/table/cursors.ts';
import { updateMauAlert, updateCustomer } from '../../functions/table/customers/customer-edits.ts';
import { tableDefinition } from '../../functions/table/definition.ts';
import {
  apiKeyKey,
  customerFinder,
  customerKey,
  emailKey,
  sessionIdOf,
  sessionKey,
} from '../../functions/table/keys.ts';
import { addToRpMau, addToTotalMau, putRecount, completeRecount } from '../../functions/table/metering/mau-counters.ts';
import { find } from '../../functions/table/engine/reads.ts';
import { updateLastUse } from '../../functions/table/signing-in/sessions.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, measure } from '../support/table-faults.ts';

let metering: Metering;
let customers: Awaited<ReturnType<Metering['signUp']>>[];
beforeAll(async () => {
  metering = await openMetering();
  customers = await Promise.all(Array.from({ length: 5 }, () => metering.signUp()));
});
const customer = () => customers[0] ?? raise();
function raise(): never {
  throw new Error('There is no customer.');
}

/** Finds all enabled MAU alerts, in pages of up to `limit` customers. */
async function allMauAlerts(limit: number) {
  const found: FoundMauAlert[] = [];
  let cursor: Cursor | undefined;
  do {
    const { mauAlerts, next } = await findMauAlerts(metering.table, cursor, limit);
    found.push(...mauAlerts);
    cursor = next;
  } while (cursor);
  return found;
}

describe('the GSI named finder', () => {
  it('projects only keys', async () => {
    const { table } = metering;
    const { Table: description } = await table.client.send(new DescribeTableCommand({ TableName: table.name }));
    expect(description?.GlobalSecondaryIndexes?.map(({ IndexName, Projection }) => [IndexName, Projection])).toEqual([
      [tableDefinition.finder.indexName, { ProjectionType: 'KEYS_ONLY' }],
    ]);
    const { found } = await find(table, { finderPk: `OWNED#${customer().customerId}`, prefix: '' });
    expect(new Set(found.flatMap((item) => Object.keys(item)))).toEqual(new Set(['pk', 'sk', 'finderPk', 'finderSk']));
  });

  it('finds every customer', async () => {
    const listed = (await readCustomerPage(metering.table, { limit: 100 })).customers;
    expect(listed.map(({ customerId }) => customerId).sort()).toEqual(
      customers.map(({ customerId }) => customerId).sort(),
    );
  });

  it.each([1, 2, 3, 4, 5, 6])('lists each customer once when the page size is %i', async (limit) => {
    const { table } = metering;
    const { customers: all } = await readCustomerPage(table, { limit: 1_000 });
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await readCustomerPage(table, { limit, after });
      pages.push(page.customers.map(({ customerId }) => customerId));
      after = page.last;
    } while (after !== undefined);
    expect(pages.flat()).toEqual(all.map(({ customerId }) => customerId));
    expect(pages.every((page) => page.length <= limit)).toBe(true);
  });

  it('shows which customers have enabled the MAU alert, and the current thresholds', async () => {
    const owner = await metering.signUp();
    const { table } = metering;
    const shown = async () => {
      const mauAlerts = await allMauAlerts(100);
      const { customers: all } = await readCustomerPage(table, { limit: 100 });
      expect(all.filter(({ customerId }) => customerId === owner.customerId)).toHaveLength(1);
      return mauAlerts.filter(({ customerId }) => customerId === owner.customerId);
    };
    const set = (version: number, setting: MauAlertSetting) =>
      transact(table, { alert: updateMauAlert({ customerId: owner.customerId, version }, setting) });
    expect(await shown()).toEqual([]);
    await set(1, { enabled: true, threshold: 800 });
    expect(await shown()).toEqual([{ customerId: owner.customerId, threshold: 800 }]);
    await set(2, { enabled: true, threshold: Number.MAX_SAFE_INTEGER });
    expect(await shown()).toEqual([{ customerId: owner.customerId, threshold: Number.MAX_SAFE_INTEGER }]);
    await set(3, { enabled: false, threshold: 800 });
    expect(await shown()).toEqual([]);
  });

  it('lists a customer once even while it still contains an old key of the customer', async () => {
    const { customerId } = await metering.signUp();
    const { table } = metering;
    const { finderPk, finderSk } = customerFinder(customerId, 800);
    // Imitates a GSI that already contains the customer's new key and still contains the customer's old key.
    const Item = { pk: 'moving', sk: 'moving', finderPk, finderSk };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
    const { customers: all } = await readCustomerPage(table, { limit: 100 });
    expect(all.filter((one) => one.customerId === customerId)).toHaveLength(1);
    const mauAlerts = await allMauAlerts(100);
    expect(mauAlerts).toContainEqual({ customerId, threshold: 800 });
  });

  it.each([1, 2, 3, 100])('finds each enabled MAU alert once when the page size is %i', async (limit) => {
    const { table } = metering;
    const expected = await Promise.all(
      [1, 2, 3].map(async (threshold) => {
        const { customerId } = await metering.signUp();
        await transact(table, { alert: updateMauAlert({ customerId, version: 1 }, { enabled: true, threshold }) });
        return { customerId, threshold };
      }),
    );
    const found = await allMauAlerts(limit);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(new Set(found.map(({ customerId }) => customerId)).size).toBe(found.length);
  });

  it("finds the items that a customer owns outside the customer's partition", async () => {
    const owner = await metering.signUp();
    const { keyId } = await owner.rp();
    const { found } = await find(metering.table, { finderPk: `OWNED#${owner.customerId}`, prefix: '' });
    const keys = found.map(({ pk, sk }) => ({ pk, sk }));
    for (const key of [emailKey(owner.email), sessionKey(sessionIdOf(owner.token)), apiKeyKey(keyId)])
      expect(keys).toContainEqual(key);
    expect(keys).not.toContainEqual(customerKey(owner.customerId));
  });

  it('lists the API keys of one RP page by page', async () => {
    const owner = await metering.signUp();
    const [rp, other] = [await owner.rp(), await owner.rp()];
    const keyIds = [rp.keyId];
    for (let made = 0; made < 4; made += 1) {
      const { keyId } = await createApiKey(metering.services, await owner.caller(), rp.rpRef, { name: `Key ${made}` });
      keyIds.push(keyId);
    }
    const listed: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const of = { customerId: owner.customerId, id: rp.rpRef };
      const page = await readApiKeysOf(metering.table, of, 2, after, 'strong');
      listed.push(...page.apiKeys.map(({ keyId }) => keyId));
      after = page.lastKeyId;
      pages += 1;
    } while (after !== undefined);
    expect(listed).toEqual([...keyIds].sort());
    expect(listed).not.toContain(other.keyId);
    expect(pages).toBe(3);
  });

  it('is not written when MAU counters, sessions or last-use times change', async () => {
    const owner = await metering.signUp();
    const { rpRef, keyId } = await owner.rp();
    const { customerId } = owner;
    const read = await readCustomer(metering.table, customerId, 'strong');
    if (!read) throw new Error('The customer does not exist.');
    const table = anotherClient(metering.table);
    const units = measure(table);
    const now = metering.clock.now();
    const user = {
      customerId,
      rpRef,
      month: '2026-11',
      userId: 'user-1',
      firstOperationAt: now,
      source: 'reported' as const,
    };
    await putActiveUser(table, user, 0);
    await transact(table, { customer: countUsersIn(read, 1, { max: null, month: '2026-11', maxOfMonth: null }) });
    await transact(table, {
      customer: checkCustomerActive(customerId),
      counter: addToRpMau(customerId, '2026-11', rpRef, 1),
      total: addToTotalMau(customerId, '2026-11', 1),
    });
    await transact(table, { counter: putRecount(customerId, '2026-11', rpRef, { counter: 1, records: 1, at: now }) });
    await transact(table, {
      counter: completeRecount(customerId, '2026-11', rpRef, {
        recount: { counter: 1, records: 1, at: now },
        drift: { mau: 0, measured: 0 },
        now,
      }),
    });
    await transact(table, { customer: updateCustomer(read, { name: 'Another Name' }) });
    await updateLastUse(table, owner.token, now + 1);
    await updateLastUseOfApiKey(table, keyId, now + 1, now + 1);
    expect(units).toMatchObject({ finder: 0 });
    expect(units.write).toBeGreaterThan(8);
  });
});
