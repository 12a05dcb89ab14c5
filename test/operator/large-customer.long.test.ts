import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerDetails } from '../../bin/operator/invoke-operator.ts';
import { showCustomer } from '../../bin/operator/show.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { putRemovedRp } from '../../functions/table/removed-rps.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let table: Table;
beforeAll(async () => {
  service = await startTestService();
  table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
});
afterAll(async () => {
  table.client.destroy();
  await service.stop();
});

it('the operator sees the latest 1,000 removed RPs of a customer that has removed more, and is told so', async () => {
  const { customerId } = await service.signUp();
  const removed = Array.from({ length: 1_010 }, (_, index) => {
    const id = `rp_${String(index).padStart(16, '0')}`;
    const lastMonth = index < 10 ? '2026-09' : '2026-10';
    const rp = { customerId, id, rpId: 'shop.example.com', name: 'あ'.repeat(200), createdAt: 0, closedMau: {} };
    return [id, putRemovedRp({ ...rp, removedAt: 0, lastMonth }, 2_000_000_000)] as const;
  });
  for (const some of chunks(removed, 100)) await transact(table, Object.fromEntries(some));

  const shown = (await service.operate({ command: 'show-customer', customerId })) as { result: CustomerDetails };
  expect(shown.result.rps.map(({ id }) => id).sort()).toEqual(removed.slice(10).map(([id]) => id));
  expect(shown.result.hasMoreRemovedRps).toBe(true);
  expect(showCustomer(shown.result)).toContain('only the latest 1,000 removed RPs');
});
