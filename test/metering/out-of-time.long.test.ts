import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { routeNamed } from '../../functions/api/routes.ts';
import { build as buildListUsers } from '../../functions/api/users/list-users.ts';
import { build } from '../../functions/api/metering/report-operations.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openMetering } from '../support/metering/metering.ts';
import { anotherClient, InjectedFault } from '../support/table-faults.ts';

it('a request that runs out of time gets a 503 response, and repeating the request does not count the user again', async () => {
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
    } = await build(metering.process(table), routeNamed('report-operations'))(
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
  expect((await metering.picture(customer.customerId)).records).toEqual({ [`${rp.rpRef} 2026-11`]: 1 });
});

it('a request that runs out of time during authentication gets a 503 response before Lambda ends the function', async () => {
  let tries = 0;
  const silent = createServer(() => (tries += 1)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const metering = await openMetering();
  const rp = await (await metering.signUp()).rp();
  const table = openTable(metering.table.name, localClientConfig(`http://127.0.0.1:${port}`));
  const event = httpEvent('GET /v1/rp/users', { credential: rp.apiKey, now: metering.clock.now() });
  const answer = await buildListUsers(metering.process(table), routeNamed('list-users'))(
    event,
    contextOf({ name: 'list-users' }, undefined, 1_000),
  );
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
  // The client would try a call to the table four times, with a timeout of 2 seconds for each try. The request runs out
  // of time during the first try.
  expect(tries).toBe(1);
  silent.closeAllConnections();
  silent.close();
});

/**
 * Sends a request that reports operations of two users and has `lasts` milliseconds before Lambda's timeout. Delays
 * each table call for which `isHeldUp` returns true, until the response arrives. Any other put fails. `isHeldUp`
 * receives the name of the command and the number of calls of this command so far. Returns the status code, the number
 * of puts and the active-user records in the table.
 */
async function writtenAfterAnswer(isHeldUp: (command: string, call: number) => boolean, lasts: number) {
  const metering = await openMetering();
  const customer = await metering.signUp();
  const rp = await customer.rp();
  await metering.register(rp, ['user-1', 'user-2']);
  const frozen = anotherClient(metering.table);
  const thawed = Promise.withResolvers<undefined>();
  const settled: Promise<unknown>[] = [];
  const calls: string[] = [];
  const countOf = (name: string) => calls.filter((command) => command === name).length;
  frozen.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        calls.push(commandName);
        const call = countOf(commandName);
        const going = (async () => {
          if (isHeldUp(commandName, call)) await thawed.promise;
          else if (commandName.startsWith('Put')) throw new InjectedFault('This put fails.');
          return next(args);
        })();
        settled.push(going.catch(() => undefined));
        return going;
      },
    { step: 'initialize', priority: 'low' },
  );
  const { statusCode } = await build(metering.process(frozen), routeNamed('report-operations'))(
    httpEvent('POST /v1/rp/operations', {
      credential: rp.apiKey,
      body: { operations: ['user-1', 'user-2'].map((userId) => ({ userId, type: 'authentication' })) },
      now: metering.clock.now(),
    }),
    { ...contextOf({ name: 'report-operations' }), getRemainingTimeInMillis: () => lasts },
  );
  thawed.resolve(undefined);
  for (let seen = 0; seen < settled.length;) await Promise.all(settled.slice(0, (seen = settled.length)));
  await sleep(100);
  return {
    statusCode,
    puts: countOf('PutItemCommand'),
    records: (await metering.picture(customer.customerId)).records,
  };
}

// Lambda freezes a process after its response and thaws the process for the next request. Unfinished calls then
// continue.
describe('a process that continues after the response', () => {
  it('writes nothing if the request ran out of time', async () => {
    // The first BatchGet checks the API key.
    const outcome = await writtenAfterAnswer((command, call) => command.startsWith('BatchGet') && call > 1, 500);
    expect(outcome).toEqual({ statusCode: 503, puts: 0, records: {} });
  });

  it('writes nothing if another write of the request failed', async () => {
    const outcome = await writtenAfterAnswer((command, call) => command.startsWith('Put') && call === 2, 10_000);
    expect(outcome).toEqual({ statusCode: 500, puts: 2, records: {} });
  });
});
