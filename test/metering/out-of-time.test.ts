import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { build } from '../../functions/api/report-operations.ts';
import { contextOf } from '../../local/gateway.ts';
import { httpEvent } from '../support/http-event.ts';
import { openMetering } from '../support/metering.ts';
import { anotherClient } from '../support/table-faults.ts';

it('a request that takes all of its time is unavailable, and counted once when it is sent again', async () => {
  const metering = await openMetering();
  const customer = await metering.signUp();
  const rp = await customer.rp();
  await metering.register(rp, ['user-1']);
  const slow = anotherClient(metering.table);
  slow.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName.startsWith('Put')) await sleep(1_500);
        return answer;
      },
    { step: 'initialize' },
  );
  const report = async (table = metering.table, lasts = 10_000) => {
    const {
      statusCode,
      headers,
      body = '',
    } = await build(metering.process(table))(
      httpEvent('POST /v1/rp/operations', {
        credential: rp.apiKey,
        body: { operations: [{ userId: 'user-1', type: 'authentication' }] },
        now: metering.clock.now(),
      }),
      { ...contextOf({ name: 'report-operations' }), getRemainingTimeInMillis: () => lasts },
    );
    return { status: statusCode, retryAfter: headers?.['retry-after'], body: JSON.parse(body) as unknown };
  };
  expect(await report(slow, 1_000)).toMatchObject({
    status: 503,
    retryAfter: '1',
    body: { type: '/problems/unavailable' },
  });
  expect(await report()).toMatchObject({
    status: 200,
    body: { results: [{ userId: 'user-1', status: 'already-counted' }] },
  });
  expect((await metering.picture(customer.customerId)).records).toEqual({ [`${rp.rp} 2026-11`]: 1 });
});
