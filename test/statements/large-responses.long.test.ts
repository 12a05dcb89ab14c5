import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listStatementsContract } from '../../functions/contract/statements.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { customerKey } from '../../functions/table/keys.ts';
import { putRp } from '../../functions/table/rps.ts';
import { putStatement, sizeOfRps } from '../../functions/table/metering/statements.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

/** The largest response that Lambda accepts from a function, in bytes. */
const MAX_RESPONSE = 6 * 1024 * 1024;
const RPS = 1_000;
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07'];
const NEWEST_FIRST = MONTHS.toReversed();
/** The longest name that UTF-8 and JSON make as large as possible. */
const LONGEST_NAME = '"'.repeat(200);

let service: TestService;
let table: Table;
let alice: SignedUp;

/** Adds 1,000 RPs with the longest names to Alice's customer, and 7 statements with short names of these RPs. */
beforeAll(async () => {
  service = await startTestService();
  table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
  alice = await service.signUp();
  const { customerId } = alice;
  const rps = Array.from({ length: RPS }, (_, index) => ({
    id: `rp_${String(index).padStart(16, '0')}`,
    rpId: `${'d'.repeat(60)}.${'d'.repeat(60)}.shop-${index}.example.com`,
    name: 'Shop',
    mau: 1,
  }));
  for (const some of chunks(rps, 100)) {
    const writes = some.map(({ id, rpId }) => [
      id,
      putRp({ customerId, id, rpId, name: LONGEST_NAME, registeredUsers: 0, createdAt: 0 }),
    ]);
    await transact(table, Object.fromEntries(writes) as Record<string, ReturnType<typeof putRp>>);
  }
  for (const month of MONTHS) {
    const totals = { mau: RPS, maxMau: null, overageMau: 0, overageFee: null, rps: RPS, rpsSize: sizeOfRps(rps) };
    const license = { type: 'free', startsAt: 0, endsAt: null } as const;
    await transact(table, putStatement({ customerId, month, timeZone: 'UTC', closedAt: 0, license, ...totals }, rps));
  }
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: customerKey(customerId),
      UpdateExpression: 'SET registeredRps = :rps',
      ExpressionAttributeValues: { ':rps': RPS },
    }),
  );
}, 60_000);
afterAll(async () => {
  table.client.destroy();
  await service.stop();
});

/** Returns the size of the response of the Lambda function, which contains the HTTP body as a string. */
const sizeOf = ({ text }: Answer) => Buffer.byteLength(JSON.stringify({ body: text }));

describe('the statements of a customer with 1,000 RPs that have long names', () => {
  it('are read as JSON in pages that are smaller than the largest response of a Lambda function', async () => {
    const months: string[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const answer: Answer = await service.send(`GET /v1/customer/statements${cursor && `?cursor=${cursor}`}`, {
        as: alice.session,
      });
      expect(answer.status).toBe(200);
      expect(sizeOf(answer)).toBeLessThan(MAX_RESPONSE);
      const page = answer.read(listStatementsContract.answer.body);
      months.push(...page.items.map(({ month }) => month));
      cursor = page.nextCursor;
    }
    expect(months).toEqual(NEWEST_FIRST);
    expect(pages).toBe(2);
  });

  it('are read as CSV, the newest whole statements first, and the header Link leads to the older ones', async () => {
    const parts: Answer[] = [];
    for (let path: string | undefined = '/v1/customer/statements'; path !== undefined;) {
      const answer: Answer = await service.send(`GET ${path}`, { as: alice.session, headers: { accept: 'text/csv' } });
      expect(answer.status).toBe(200);
      expect(sizeOf(answer)).toBeLessThan(MAX_RESPONSE);
      parts.push(answer);
      path = /^<(\S+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(parts).toHaveLength(2);
    const rows = parts.flatMap(({ text }) => {
      const [header = '', ...others] = text.trimEnd().split('\r\n');
      expect(header).toMatch(/^month,timeZone,/);
      return others;
    });
    const monthOf = (row: string) => row.slice(0, MONTHS[0]?.length);
    expect(rows.map(monthOf)).toEqual(NEWEST_FIRST.flatMap((month) => Array<string>(RPS + 1).fill(month)));
    for (const { text } of parts) expect(text.trimEnd().split('\r\n').at(-1)).toContain(',total,');
  });
});
