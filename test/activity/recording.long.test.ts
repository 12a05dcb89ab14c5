import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../functions/api/functions/ceremonies.ts';
import { newRefusalLimits } from '../../functions/domain/activity/refusal-limits.ts';
import { newTokenKeyMemory } from '../../functions/domain/fido2/tokens/token-key-memory.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { SECOND } from '../../functions/domain/time.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, injectFaults, measure, timeOut, watchAttempts, type Attempt } from '../support/table-faults.ts';

let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
let rp: Awaited<ReturnType<typeof owner.rp>>;
beforeEach(async () => {
  metering = await openMetering();
  owner = await metering.signUp();
  rp = await owner.rp();
});

/** Starts a warm process of the function `ceremonies`. Returns a function that begins an authentication of nobody. */
function start(table: Table = anotherClient(metering.table)) {
  const handler = build({
    ...metering.process(table),
    ...{ verifyDomains: false, signalsUnknownCredentials: true },
    stageSecrets: () => Promise.resolve([randomBytes(32)]),
    newerStageSecrets: () => Promise.resolve(undefined),
    tokenKeys: newTokenKeyMemory(metering.clock),
    refusalLimits: newRefusalLimits(metering.clock),
  });
  return async () => {
    const route = 'POST /v1/rp/authentications/options';
    const event = httpEvent(route, { credential: rp.apiKey, body: { userId: 'nobody' }, now: metering.clock.time });
    const { statusCode, body = '' } = await handler(event, contextOf({ name: 'ceremonies' }));
    const { requestId: _, ...problem } = JSON.parse(body) as { requestId: string };
    return { statusCode, problem };
  };
}
const REFUSED = {
  statusCode: 404,
  problem: {
    type: '/problems/not-found',
    status: 404,
    title: 'Not found',
    detail: 'There is no such user at this RP.',
  },
};
const isOfRefusal = ({ input }: Attempt) => JSON.stringify(input).includes('"REFUSAL#');
const refusals = async () => (await metering.dump()).filter(({ pk }) => pk === `REFUSAL#${rp.rpRef}`);

describe('a flood of refusals', () => {
  it('causes one write a second in each process, and one item a second', async () => {
    const writes = [0, 0];
    const processes = writes.map((_, index) =>
      start(
        watchAttempts(anotherClient(metering.table), (attempt) => {
          if (isOfRefusal(attempt)) writes[index] = (writes[index] ?? 0) + 1;
        }),
      ),
    );
    const flood = () => Promise.all(processes.flatMap((refused) => Array.from({ length: 50 }, refused)));
    expect(await flood()).toEqual(Array.from({ length: 100 }, () => REFUSED));
    expect([writes, (await refusals()).length]).toEqual([[1, 1], 1]);
    metering.clock.time += SECOND - 1;
    await flood();
    expect(writes).toEqual([1, 1]);
    metering.clock.time += 1;
    await flood();
    expect([writes, (await refusals()).length]).toEqual([[2, 2], 2]);
  });

  it('at one RP does not keep the refusals of another RP from being stored', async () => {
    const refused = start();
    await refused();
    const first = rp;
    rp = await owner.rp();
    await refused();
    expect([await refusals(), first.rpRef === rp.rpRef]).toMatchObject([[{ code: 'not-found' }], false]);
  });
});

describe('a refusal', () => {
  it('costs one write unit more if it is stored, and nothing more otherwise', async () => {
    const table = anotherClient(metering.table);
    const refused = start(table);
    await refused();
    const used = measure(table);
    await refused();
    expect(used.write).toBe(0);
    metering.clock.time += SECOND;
    await refused();
    expect(used.write).toBe(1);
  });

  it('stays the same response if the table does not store it, and the failure is logged', async () => {
    for (const fault of [{ before: timeOut() }, { before: new Error('denied') }]) {
      const table = injectFaults(anotherClient(metering.table), (attempt) =>
        isOfRefusal(attempt) ? fault : undefined,
      );
      expect(await start(table)()).toEqual(REFUSED);
    }
    expect(await refusals()).toEqual([]);
    expect(metering.lines.filter(({ message }) => message === 'refusal not stored')).toHaveLength(2);
    expect(metering.lines.filter(({ fields }) => fields?.['problem'] === '/problems/not-found')).toHaveLength(2);
  });

  it('does not wait for a table that never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const table = anotherClient(metering.table);
    table.client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { port?: number; body?: unknown };
        if (String(request.body).includes('"REFUSAL#')) request.port = port;
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect(await start(table)()).toEqual(REFUSED);
    silent.close();
  });
});

describe('discarding', () => {
  it('removes the refusals of an RP, also one that a process with a cached key stores after the removal', async () => {
    const discarding = await openDiscarding(metering);
    const refused = start();
    await refused();
    await removeRp({ ...metering.services, discard: discarding.queue.discard }, await owner.caller(), rp.rpRef);
    metering.clock.time += 9 * SECOND;
    expect(await refused()).toEqual(REFUSED);
    expect(await refusals()).toHaveLength(2);
    await discarding.runDry(discarding.worker(metering.table, discarding.queue.discard));
    expect(await refusals()).toEqual([]);
  });
});
