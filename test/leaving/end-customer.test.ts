import { expect, it } from 'vitest';
import { discardEndedCustomer, endCustomer, listFinalStatements } from '../../functions/domain/leaving/end-customer.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { openMetering } from '../support/metering/metering.ts';

it('the final statements include every accepted operation, even an operation dated in the next month', async () => {
  const metering = await openMetering({ now: '2026-11-20T00:00:00Z' });
  const { clock, services } = metering;
  const { customerId, ...customer } = await metering.signUp();
  const rp = await customer.rp();
  await metering.register(rp, ['a', 'b']);
  clock.time = Date.parse('2026-11-30T23:54:55Z');
  await endCustomer(services, { operator: 'olga' }, customerId, 'Example Corporation');
  // A process accepts an API key from its cache for up to 10 seconds, and an RP's clock may be 5 minutes ahead.
  clock.time += 9_000;
  const operations = [
    { userId: 'a', type: 'authentication', occurredAt: clock.time },
    { userId: 'b', type: 'authentication', occurredAt: clock.time + 5 * 60_000 },
  ] as const;
  const results = await reportOperations(metering.process(), rp, { operations }, clock.time);
  expect(results.map(({ status }) => status)).toEqual(['counted', 'counted']);

  clock.time += 30_000;
  expect(await listFinalStatements(services, customerId, undefined)).toEqual({
    waitsUntil: '2026-11-30T23:55:35Z',
  });
  clock.time += 1_000;
  const listed = await listFinalStatements(services, customerId, undefined);
  expect(listed).toMatchObject({
    items: [
      { month: '2026-12', mau: 1 },
      { month: '2026-11', mau: 1 },
    ],
  });
  await discardEndedCustomer(services, customerId);
});
