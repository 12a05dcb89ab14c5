import { describe, expect, it } from 'vitest';
import { rp } from '../../functions/contract/rp-views.ts';
import { createTurnstile } from '../../local/turnstile.ts';
import { startFaultyEngine, transactionConflict } from '../support/faulty-engine.ts';
import { startTestService } from '../support/service.ts';

// The turnstile prevents a change, such as setting the clock, from happening during a request.
describe('the turnstile of the local service', () => {
  it('delays a change until the current requests end, and delays later requests until the change ends', async () => {
    const turnstile = createTurnstile();
    const seen: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const requests = [turnstile.pass(() => first.promise.then(() => seen.push('first has ended')))];
    await settled();
    const change = turnstile.change(() => seen.push('changed'));
    requests.push(turnstile.pass(() => Promise.resolve(seen.push('second'))));
    await settled();
    expect(seen).toEqual([]);
    first.resolve(undefined);
    await Promise.all([change, ...requests]);
    expect(seen).toEqual(['first has ended', 'changed', 'second']);
  });

  it('runs one change at a time, even after a failed request', async () => {
    const turnstile = createTurnstile();
    const seen: number[] = [];
    const failing = turnstile.pass(() => Promise.reject(new Error('failed')));
    await Promise.all([
      expect(failing).rejects.toThrow('failed'),
      ...[1, 2, 3].map((number) => turnstile.change(() => seen.push(number))),
    ]);
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('the clock of the local service', () => {
  it.each([
    ['set', 'PUT', { now: '2036-01-01T00:00:00Z' }],
    ['set back to real time', 'DELETE', undefined],
  ])('is %s only after the current requests end', async (_, method, body) => {
    const engine = await startFaultyEngine();
    const service = await startTestService({ endpoint: engine.endpoint });
    await service.setClock('2026-12-03T23:59:00Z');
    const { session } = await service.signUp();
    const ended: string[] = [];
    const endOf = <T>(what: string, answer: Promise<T>) => answer.finally(() => ended.push(what));

    const isTried = Promise.withResolvers<undefined>();
    engine.fault = (call) => {
      if (call.operation !== 'TransactWriteItems') return undefined;
      isTried.resolve(undefined);
      return transactionConflict(call);
    };
    const newRp = { rpId: 'shop.example.com', name: 'Example Shop' };
    const before = endOf('request', service.send('POST /v1/rps', { as: session, body: newRp }));
    await isTried.promise;
    const clock = endOf('clock', service.send(`${method} /_local/clock`, { body }));
    // If the clock change did not wait for the request `before`, the change would end before the next request ends.
    await service.send('GET /_local/mail');
    expect(ended).toEqual([]);

    engine.fault = () => undefined;
    expect(Date.parse((await before).read(rp).createdAt)).toBeLessThan(Date.parse('2026-12-04T00:00:00Z'));
    const { now } = (await clock).body as { now: string };
    expect(ended).toEqual(['request', 'clock']);
    expect(Math.abs(Date.parse(now) - (body ? Date.parse(body.now) : Date.now()))).toBeLessThan(60_000);
    await service.stop();
    await engine.stop();
  });
});

/** Waits until every promise that can settle has settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
