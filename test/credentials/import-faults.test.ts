import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RpServer } from '../../functions/domain/callers.ts';
import { exportCredentials } from '../../functions/domain/credentials/export-credentials.ts';
import { importCredentials } from '../../functions/domain/credentials/import-credentials.ts';
import { importCredentialsContract } from '../../functions/contract/moving-credentials.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { readUser } from '../../functions/table/users/users.ts';
import { openCeremonies } from '../support/fido2/ceremony-processes.ts';
import { itemOf, passkeyOf, type SentItem } from '../support/fido2/moving.ts';
import { anotherClient, before, dyingAt, injectFaults, measure, timeOut } from '../support/table-faults.ts';

let opened: Awaited<ReturnType<typeof openCeremonies>>;
let caller: RpServer;
let prefix = 0;
beforeAll(async () => {
  opened = await openCeremonies();
  ({ caller } = opened);
});
beforeEach(() => {
  prefix += 1;
});

const parse = (items: readonly SentItem[]) => importCredentialsContract.body.parse({ items });
const importWith = (table: Table, items: readonly SentItem[]) =>
  importCredentials({ ...opened.metering.services, table }, caller, parse(items));
/** Returns items of `count` new users, each with a name, a display name and one credential of ES256. */
const newItems = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const userId = `user-${prefix}-${index}`;
    const user = { userName: `${userId}@example.com`, displayName: `User ${index}` };
    return itemOf(userId, passkeyOf(userId), {
      user,
      transports: ['internal', 'hybrid'],
      createdAt: '2025-01-02T03:04:05Z',
    });
  });
const statuses = (results: readonly { status: string }[]) => [...new Set(results.map(({ status }) => status))];

describe('an import', () => {
  it.each(['before', 'after'] as const)('is done as a whole or not if the process dies %s its write', async (when) => {
    const items = newItems(16);
    const dying = dyingAt(opened.metering.table, 1, when);
    await expect(importWith(dying, items)).rejects.toThrow();
    const users = items.map(({ user }) => readUser(opened.metering.table, caller.rpRef, user.userId, 'strong'));
    const stored = (await Promise.all(users)).filter((user) => user !== undefined);
    expect(stored).toHaveLength(when === 'after' ? 16 : 0);
    expect(statuses(await importWith(opened.metering.table, items))).toEqual([
      when === 'after' ? 'already-imported' : 'imported',
    ]);
  });

  it('whose answer from DynamoDB is lost is repeated by the SDK and recognized', async () => {
    let lost = 0;
    const table = injectFaults(anotherClient(opened.metering.table), ({ command }) => {
      if (!command.startsWith('Transact') || lost > 0) return undefined;
      lost += 1;
      return { after: timeOut() };
    });
    expect(statuses(await importWith(table, newItems(3)))).toEqual(['imported']);
    expect(lost).toBe(1);
  });

  it('that another process has stored between its reads and its write answers `already-imported`', async () => {
    const items = newItems(2);
    const table = before(/^Transact/, anotherClient(opened.metering.table), () =>
      importWith(opened.metering.table, items),
    );
    expect(statuses(await importWith(table, items))).toEqual(['already-imported']);
  });
});

/** Returns the units that some calls take. */
async function unitsOf(perform: (table: Table) => Promise<unknown>) {
  const table = anotherClient(opened.metering.table);
  const units = measure(table);
  await perform(table);
  const { read, write } = units;
  return { read, write };
}

describe('the units', () => {
  it('of an import of 16 new users are 12.25 write units a user', async () => {
    const items = newItems(16);
    expect(await unitsOf((table) => importWith(table, items))).toEqual({ read: 49, write: 196 });
    expect(await unitsOf((table) => importWith(table, items))).toEqual({ read: 49, write: 0 });
  });

  it('of an export are one read unit for each user, and one for each 4 KB of users', async () => {
    const page = (table: Table, limit: number) =>
      exportCredentials({ ...opened.metering.services, table }, caller, { limit, cursor: undefined });
    expect(await unitsOf((table) => page(table, 25))).toEqual({ read: 27, write: 0 });
  });
});
