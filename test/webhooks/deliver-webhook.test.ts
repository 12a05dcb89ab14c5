import { beforeEach, describe, expect, it } from 'vitest';
import { stageSecretOf } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/domain/time.ts';
import { deleteDelivery } from '../../functions/table/webhooks/webhook-deliveries.ts';
import { MAU, MONTH, THRESHOLD } from '../support/metering/alerts.ts';
import { setStatus } from '../support/customer-status.ts';
import { anotherClient, dyingAt, injectFaults, meanwhile, measure, timeOut } from '../support/table-faults.ts';
import { openWebhooks, verify } from '../support/webhooks.ts';

let webhooks: Awaited<ReturnType<typeof openWebhooks>>;
let secret: string;
beforeEach(async () => {
  webhooks = await openWebhooks();
  secret = (await webhooks.set()).secret ?? '';
});

const last = async () => (await webhooks.get())?.deliveries[0];
const failWith = (status: number) => {
  webhooks.receiver.answer = () => ({ status });
};
/** Moves the clock to the next attempt and makes it. Returns the time that passed, in milliseconds. */
async function nextAttempt(): Promise<number> {
  const [delivery] = await webhooks.deliveries();
  const wait = (delivery?.nextAttemptAt ?? 0) - webhooks.clock.time;
  webhooks.pass(wait);
  await webhooks.deliver();
  return wait;
}

describe('an event about an MAU alert', () => {
  it('contains the facts of the alert, and another implementation verifies its signature', async () => {
    await webhooks.run();
    expect(await webhooks.deliver()).toEqual(['delivered']);
    const [request] = webhooks.requests;
    if (!request) throw new Error('There was no request.');
    expect(request.url).toBe('https://receiver.example/events');
    expect(verify(secret, request, webhooks.clock.time)).toEqual({
      type: 'mau.threshold-exceeded',
      timestamp: '2026-11-10T09:00:00Z',
      data: {
        customerId: webhooks.customer.customerId,
        ...{ month: MONTH, timeZone: 'UTC', threshold: THRESHOLD, mau: MAU },
        ...{ maxMau: 10_000, overageMau: 0, overageFee: { amount: '0.00', currency: 'USD' } },
      },
    });
    expect(() => verify('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', request, webhooks.clock.time)).toThrow(
      'No matching signature found',
    );
    expect(() => verify(secret, { ...request, body: `${request.body} ` }, webhooks.clock.time)).toThrow();
    expect(await last()).toMatchObject({ status: 'delivered', attempts: 1, responseStatus: 200, failure: null });
  });

  it('is stored once for each level and month, however many runs there are at the same time', async () => {
    await webhooks.customer.set({
      ...{ enabled: true, threshold: THRESHOLD },
      levels: [700, 600].map((threshold) => ({ kind: 'absolute', threshold })),
    });
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(Array.from({ length: 3 }, () => webhooks.run({ own: anotherClient(webhooks.table) })));
      webhooks.pass(11 * MINUTE);
    }
    const thresholds = (await webhooks.deliveries()).map(
      ({ body }) => (JSON.parse(body) as { data: { threshold: number } }).data.threshold,
    );
    expect(thresholds.sort()).toEqual([600, 700, 800]);
  });

  it('takes 4 read units and 4 write units, if the first attempt succeeds', async () => {
    const unitsOfAlert = async (hasWebhook: boolean) => {
      const some = await openWebhooks();
      if (hasWebhook) await some.set();
      const own = anotherClient(some.table);
      const units = measure(own);
      await some.run({ own });
      if (hasWebhook) expect(await some.deliver(some.process(own))).toEqual(['delivered']);
      return units;
    };
    const [without, withWebhook] = [await unitsOfAlert(false), await unitsOfAlert(true)];
    expect([withWebhook.read - without.read, withWebhook.write - without.write]).toEqual([4, 4]);
  });

  it('is not stored for a customer without a webhook', async () => {
    await webhooks.remove();
    expect(await webhooks.run()).toMatchObject({ decided: 1, sent: 1 });
    expect(await webhooks.deliveries()).toEqual([]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('is stored together with the alert by a run that is killed %s it', async (when, stored) => {
    await webhooks.run({ own: dyingAt(webhooks.table, 1, when) }).catch(() => undefined);
    expect([await webhooks.decisions(), await webhooks.deliveries()].map(({ length }) => length)).toEqual([
      stored,
      stored,
    ]);
    await webhooks.run();
    expect(await webhooks.deliveries()).toHaveLength(1);
  });

  it('has the same ID if the alert was dropped and decided again', async () => {
    await webhooks.run({ own: dyingAt(webhooks.table, 1, 'after') }).catch(() => undefined);
    await webhooks.customer.set({ enabled: false, threshold: THRESHOLD });
    await webhooks.run();
    webhooks.pass(MINUTE);
    await webhooks.customer.set({ enabled: true, threshold: THRESHOLD });
    await webhooks.run();
    const ids = (await webhooks.deliveries()).map(({ deliveryId }) => deliveryId);
    expect(ids).toEqual([ids[0], ids[0]]);
  });
});

describe('the delivery of an event', () => {
  beforeEach(async () => {
    await webhooks.run();
  });

  it('is tried 9 times within a day, with the same ID and body, and then given up', async () => {
    failWith(503);
    await webhooks.deliver();
    const waits = [];
    for (let attempt = 2; attempt <= 9; attempt += 1) waits.push(await nextAttempt());
    expect(waits).toEqual([30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 7 * HOUR, 12 * HOUR]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(DAY);
    expect(await last()).toMatchObject({
      ...{ status: 'failed', attempts: 9, responseStatus: 503, failure: 'status', nextAttemptAt: null },
    });
    webhooks.pass(DAY);
    expect(await webhooks.deliver()).toEqual(['nothing-to-do']);
    expect(webhooks.requests).toHaveLength(9);
    expect(new Set(webhooks.requests.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  });

  it('has the time of the attempt in its signature', async () => {
    failWith(500);
    await webhooks.deliver();
    await nextAttempt();
    const [first, second] = webhooks.requests;
    if (!first || !second) throw new Error('There were fewer than two requests.');
    expect(verify(secret, second, webhooks.clock.time)).toEqual(JSON.parse(first.body));
    expect(Number(second.headers['webhook-timestamp'])).toBe(Number(first.headers['webhook-timestamp']) + 30);
  });

  it('waits in the queue until the next attempt', async () => {
    failWith(500);
    expect(await webhooks.deliver()).toEqual(['retried']);
    webhooks.pass(10 * SECOND);
    expect(await webhooks.deliver()).toEqual(['postponed']);
    expect(webhooks.postponed.map(({ delay }) => delay)).toEqual([30 * SECOND, 20 * SECOND]);
    expect(webhooks.requests).toHaveLength(1);
    failWith(200);
    await nextAttempt();
    expect(await last()).toMatchObject({ status: 'delivered', attempts: 2, responseStatus: 200, failure: null });
  });

  it.each([301, 302, 307, 400, 404, 500])('is tried again after the status %i', async (status) => {
    failWith(status);
    expect(await webhooks.deliver()).toEqual(['retried']);
    expect(await last()).toMatchObject({ status: 'pending', responseStatus: status, failure: 'status' });
  });

  it.each(['timed-out', 'unreachable', 'private-address'] as const)('is tried again if it is %s', async (failure) => {
    webhooks.receiver.answer = () => ({ failure });
    expect(await webhooks.deliver()).toEqual(['retried']);
    expect(await last()).toMatchObject({ status: 'pending', responseStatus: null, failure });
  });

  it('ends after the status 410', async () => {
    failWith(410);
    expect(await webhooks.deliver()).toEqual(['failed']);
    webhooks.pass(DAY);
    expect(await webhooks.deliver()).toEqual(['nothing-to-do']);
    expect(webhooks.requests).toHaveLength(1);
  });

  it('goes to the URL that the webhook has at the time of the attempt', async () => {
    failWith(500);
    await webhooks.deliver();
    expect(await webhooks.set('https://other.example/')).toMatchObject({ secret: null });
    await nextAttempt();
    expect(webhooks.requests.map(({ url }) => url)).toEqual([
      'https://receiver.example/events',
      'https://other.example/',
    ]);
  });

  it('is dropped when the webhook was removed, even if the customer has another one', async () => {
    failWith(500);
    await webhooks.deliver();
    await webhooks.remove();
    await webhooks.set();
    expect(await webhooks.deliver()).toEqual(['dropped']);
    expect([webhooks.requests.length, await webhooks.deliveries()]).toEqual([1, []]);
  });

  it('is dropped when the customer is unsubscribing', async () => {
    await setStatus(webhooks.table, webhooks.customer.customerId, 'unsubscribing');
    expect(await webhooks.deliver()).toEqual(['dropped']);
    expect([webhooks.requests, await webhooks.deliveries()]).toEqual([[], []]);
  });

  it('is made once by two processes at the same time', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => webhooks.deliver(webhooks.process(anotherClient(webhooks.table)))),
    );
    // A process that reads the event after another one has begun the attempt puts the event back into the queue.
    expect(outcomes.flat().filter((outcome) => outcome === 'delivered')).toHaveLength(1);
    expect(webhooks.requests).toHaveLength(1);
  });

  it.each([
    ['before beginning the attempt', 1, 'before', 1],
    ['after beginning the attempt', 1, 'after', 1],
    ['before recording the outcome', 2, 'before', 2],
    ['after recording the outcome', 2, 'after', 1],
  ] as const)('by a process that is killed %s ends with %i requests', async (_, nth, when, requests) => {
    const dying = webhooks.process(dyingAt(webhooks.table, nth, when));
    await expect(webhooks.deliver(dying)).rejects.toThrow('dead');
    webhooks.pass(MINUTE);
    await webhooks.deliver();
    expect(await last()).toMatchObject({ status: 'delivered' });
    expect(webhooks.requests).toHaveLength(requests);
  });

  it('by a process that is killed before it puts the event back into the queue is tried again', async () => {
    failWith(500);
    const refused = { ...webhooks.process(), postpone: () => Promise.reject(new Error('Service Unavailable')) };
    await expect(webhooks.deliver(refused)).rejects.toThrow('Service Unavailable');
    expect(await webhooks.deliver()).toEqual(['postponed']);
    expect(webhooks.postponed.map(({ delay }) => delay)).toEqual([30 * SECOND]);
  });

  it('is tried again when DynamoDB’s response to the beginning of the attempt is lost', async () => {
    let calls = 0;
    const table = injectFaults(anotherClient(webhooks.table), ({ command }) =>
      command === 'UpdateItemCommand' && (calls += 1) === 1 ? { after: timeOut() } : undefined,
    );
    // The SDK repeats the update, whose condition is then false, as after an attempt of another process.
    expect([await webhooks.deliver(webhooks.process(table)), calls]).toEqual([['postponed'], 2]);
    expect(webhooks.postponed).toMatchObject([{ delay: 30 * SECOND }]);
    await nextAttempt();
    expect([await last(), webhooks.requests.length]).toMatchObject([{ status: 'delivered', attempts: 2 }, 1]);
  });

  it('does not come back when it was discarded during an attempt', async () => {
    const discard = async () => {
      for (const delivery of await webhooks.deliveries()) await deleteDelivery(webhooks.table, delivery);
    };
    await webhooks.deliver(webhooks.process(meanwhile(webhooks.table, discard, 2)));
    expect([webhooks.requests.length, await webhooks.deliveries()]).toEqual([1, []]);
  });
});

describe('a test event', () => {
  it('is delivered', async () => {
    const { id } = await webhooks.test();
    await webhooks.deliver();
    const [request] = webhooks.requests;
    if (!request) throw new Error('There was no request.');
    expect(request.headers['webhook-id']).toBe(id);
    expect(verify(secret, request, webhooks.clock.time)).toMatchObject({
      type: 'webhook.test',
      data: { customerId: webhooks.customer.customerId },
    });
  });

  it('is tried once', async () => {
    failWith(500);
    await webhooks.test();
    expect(await webhooks.deliver()).toEqual(['failed']);
    expect(await last()).toMatchObject({ status: 'failed', attempts: 1, nextAttemptAt: null });
  });

  it('whose process died during the attempt is shown as interrupted', async () => {
    await webhooks.test();
    await expect(webhooks.deliver(webhooks.process(dyingAt(webhooks.table, 1, 'after')))).rejects.toThrow('dead');
    webhooks.pass(MINUTE);
    expect(await webhooks.deliver()).toEqual(['failed']);
    expect(await last()).toMatchObject({ status: 'failed', failure: 'interrupted' });
    expect(webhooks.requests).toEqual([]);
  });

  it('is refused within 10 seconds of another one', async () => {
    await webhooks.test();
    webhooks.pass(9 * SECOND);
    await expect(webhooks.test()).rejects.toMatchObject({ name: 'TooManyRequestsError', retryAfter: 10 });
    webhooks.pass(SECOND);
    await webhooks.test();
    expect(await webhooks.deliveries()).toHaveLength(2);
  });

  it('is refused within 10 seconds of another one, even if the webhook was removed and set again', async () => {
    await webhooks.test();
    await webhooks.deliver();
    await webhooks.remove();
    await webhooks.set();
    await expect(webhooks.test()).rejects.toMatchObject({ name: 'TooManyRequestsError' });
    webhooks.pass(10 * SECOND);
    await webhooks.test();
    expect(await webhooks.deliver()).toContain('delivered');
  });
});

describe('the secret of a webhook', () => {
  async function requestNow() {
    webhooks.pass(MINUTE);
    await webhooks.test();
    await webhooks.deliver();
    const request = webhooks.requests.at(-1);
    if (!request) throw new Error('There was no request.');
    return request;
  }

  it('signs for 24 hours after it was rotated, beside the new one', async () => {
    const { secret: rotated, webhook } = await webhooks.rotate();
    expect(Date.parse(webhook.previousSecretEndsAt ?? '') - webhooks.clock.time).toBe(DAY);
    webhooks.pass(DAY - 2 * MINUTE);
    const during = await requestNow();
    for (const one of [secret, rotated ?? '']) verify(one, during, webhooks.clock.time);

    const after = await requestNow();
    verify(rotated ?? '', after, webhooks.clock.time);
    expect(() => verify(secret, after, webhooks.clock.time)).toThrow('No matching signature found');
    expect(await webhooks.get()).toMatchObject({ previousSecretEndsAt: null });
  });

  it('ends at a second rotation within 24 hours', async () => {
    const { secret: second } = await webhooks.rotate();
    const { secret: third } = await webhooks.rotate();
    const request = await requestNow();
    for (const one of [second, third]) verify(one ?? '', request, webhooks.clock.time);
    expect(() => verify(secret, request, webhooks.clock.time)).toThrow('No matching signature found');
  });

  it('is in the table only in a form that a copy of the table cannot open', async () => {
    await webhooks.rotate();
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
    for (const item of await webhooks.dump()) {
      for (const value of Object.values(item)) {
        const text = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value));
        expect(text.includes(bytes) || text.includes(secret)).toBe(false);
      }
    }
  });

  it('still signs after two rotations of the secret of the stage, if there was an event between them', async () => {
    await webhooks.rotate();
    webhooks.stage.secrets = [stageSecretOf('second'), stageSecretOf('first')];
    await requestNow();
    webhooks.stage.secrets = [stageSecretOf('third'), stageSecretOf('second')];
    const request = await requestNow();
    verify(secret, request, webhooks.clock.time);
  });

  it('that no secret of the stage opens ends the delivery, and tells the operator', async () => {
    webhooks.stage.secrets = [stageSecretOf('other')];
    await webhooks.test();
    expect(await webhooks.deliver()).toEqual(['failed']);
    expect(await last()).toMatchObject({ status: 'failed', failure: 'secret-lost', attempts: 0 });
    expect([webhooks.metrics.sum('FailedWebhooks'), webhooks.requests]).toEqual([1, []]);
    const { secret: rotated } = await webhooks.rotate();
    verify(rotated ?? '', await requestNow(), webhooks.clock.time);
  });
});
