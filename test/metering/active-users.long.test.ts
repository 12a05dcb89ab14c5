import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { listActiveUsers, listActiveUsersAsCsv } from '../../functions/domain/metering/list-active-users.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { activeUserItem } from '../../functions/table/metering/active-users.ts';
import { putStatement, sizeOfRps } from '../../functions/table/metering/statements.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import type { TestCustomer } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { startTestService, type Answer } from '../support/service.ts';
import { anotherClient, measure } from '../support/table-faults.ts';

/** The largest response that Lambda accepts from a function, in bytes. */
const MAX_RESPONSE = 6 * 1024 * 1024;
/** The longest RP ID and user IDs, which make the rows of the CSV as long as possible. */
const RP_ID = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(49)}.example.com`;
const longUserId = (index: number) => `user-${String(index).padStart(123, '0')}`;
const LARGE = 12_000;
const SMALL_RPS = 80;
const MONTH = '2026-10';
const rpRefOf = (index: number) => `rp_${String(index).padStart(20, '0')}`;

/** Stores the statement of a month with the given MAU of the RPs, and the active-user records that it counts. */
async function storeMonth(
  table: Table,
  customerId: string,
  maus: readonly number[],
  userIdOf: (index: number) => string,
): Promise<void> {
  const rps = maus.map((mau, index) => ({ id: rpRefOf(index), rpId: RP_ID, name: 'Shop', mau }));
  const items = rps.flatMap(({ id, mau }) =>
    Array.from({ length: mau }, (_, index) =>
      activeUserItem(
        {
          ...{ customerId, rpRef: id, month: MONTH, userId: userIdOf(index) },
          ...{ firstOperationAt: Date.parse('2026-10-20T12:00:00.001Z'), source: 'reported' },
        },
        0,
      ),
    ),
  );
  for (const some of chunks(items, 25)) {
    const puts = some.map((Item) => ({ PutRequest: { Item } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: puts } }));
  }
  const mau = maus.reduce((sum, each) => sum + each, 0);
  const totals = { mau, maxMau: null, overageMau: 0, overageFee: null, rps: rps.length, rpsSize: sizeOfRps(rps) };
  const license = { type: 'free', startsAt: 0, endsAt: null } as const;
  const statement = { customerId, month: MONTH, timeZone: 'UTC', closedAt: 0, license, ...totals };
  await transact(table, putStatement(statement, rps));
}

/** Returns `<RP> <user>` for each row of the parts of a CSV. */
const usersIn = (parts: readonly string[]) =>
  parts.flatMap((text) => {
    const [header = '', ...rows] = text.trimEnd().split('\r\n');
    expect(header).toMatch(/^month,timeZone,/);
    return rows.map((row) => `${row.split(',')[2]} ${row.split(',')[4]}`);
  });

describe('the active users as CSV', () => {
  it('are sent in parts if they are spread over so many RPs that one request would take too long', async () => {
    const service = await startTestService();
    await service.setClock('2026-11-20T12:00:00Z');
    const table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    const { customerId, session } = await service.signUp();
    await storeMonth(table, customerId, Array<number>(SMALL_RPS).fill(1), longUserId);
    table.client.destroy();
    const parts: string[] = [];
    for (let path: string | undefined = `/v1/customer/mau/users?month=${MONTH}`; path !== undefined;) {
      const answer: Answer = await service.send(`GET ${path}`, { as: session, headers: { accept: 'text/csv' } });
      expect(answer.status).toBe(200);
      parts.push(answer.text);
      path = /^<(\S+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(parts).toHaveLength(2);
    const expected = Array.from({ length: SMALL_RPS }, (_, index) => `${rpRefOf(index)} ${longUserId(0)}`);
    expect(usersIn(parts)).toEqual(expected);
    await service.stop();
  });
});

describe('the active users of a large RP', () => {
  let metering: Metering;
  let customer: TestCustomer;
  beforeEach(async () => {
    metering = await openMetering({ now: '2026-11-20T12:00:00Z' });
    await metering.setStream(false);
    customer = await metering.signUp();
  });

  it('are sent as CSV in parts that are smaller than the largest response of a Lambda function, without loss', async () => {
    await storeMonth(metering.table, customer.customerId, [LARGE, 1], longUserId);
    const caller = await customer.caller();
    const parts: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const decoded = cursor && Buffer.from(cursor, 'base64url').toString();
      const { csv, nextCursor } = await listActiveUsersAsCsv(metering.services, caller, {
        month: MONTH,
        cursor: decoded,
      });
      expect(Buffer.byteLength(JSON.stringify({ body: csv }))).toBeLessThan(MAX_RESPONSE);
      parts.push(csv);
      cursor = nextCursor;
    }
    expect(parts.length).toBeGreaterThan(1);
    const users = usersIn(parts);
    expect(users).toHaveLength(LARGE + 1);
    expect(new Set(users).size).toBe(LARGE + 1);
  });

  it('cost read units by the size of the page, and at least 16 for all users of an RP', async () => {
    await storeMonth(metering.table, customer.customerId, [4_800, 3], (index) => `user-${index}`);
    const table = anotherClient(metering.table);
    const units = measure(table);
    const services = { ...metering.services, table };
    const caller = await customer.caller();
    const costOf = async (read: () => Promise<unknown>) => {
      units.read = 0;
      await read();
      return units.read;
    };
    const page = (rp: string, limit: number) => () => listActiveUsers(services, caller, { month: MONTH, rp, limit });
    const csv = (rp: string) => () => listActiveUsersAsCsv(services, caller, { month: MONTH, rp });
    expect({
      'a page of 50': await costOf(page(rpRefOf(0), 50)),
      'a page of 100': await costOf(page(rpRefOf(0), 100)),
      'a small RP': await costOf(page(rpRefOf(1), 50)),
      'a small RP as CSV': await costOf(csv(rpRefOf(1))),
      '4,800 users as CSV': await costOf(csv(rpRefOf(0))),
    }).toEqual({
      'a page of 50': 4,
      'a page of 100': 5,
      'a small RP': 18,
      'a small RP as CSV': 18,
      '4,800 users as CSV': 151,
    });
  });
});
