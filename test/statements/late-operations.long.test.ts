import { afterEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '../../functions/contract/operations.ts';
import { listStatementsContract } from '../../functions/contract/statements.ts';
import { LONG } from '../support/long.ts';
import { random } from '../support/random.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('operations that are reported while a month closes', () => {
  let service: TestService;
  afterEach(() => service.stop());

  it.each([
    ['America/New_York', '2026-11-04T05:00:00Z'] as const,
    ...(LONG ? [['UTC', '2026-11-04T00:00:00Z'] as const] : []),
  ])('are counted in the statement unless the service rejects them (time zone %s)', async (timeZone, closing) => {
    const chance = random();
    console.log(`SEED=${chance.seed}`);
    const end = Date.parse(closing) - 3 * 24 * 60 * 60 * 1_000 - (timeZone === 'UTC' ? 0 : 60 * 60 * 1_000);
    service = await startTestService({ timeZone });
    await service.setClock('2026-10-20T00:00:00Z');
    const customers = await Promise.all([1, 2].map(() => service.signUp()));
    const rps: { customer: SignedUp; id: string; apiKey: string }[] = [];
    for (const customer of customers) {
      await service.setLicense(customer.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 20 });
      for (const name of ['shop', 'blog']) {
        const { id } = await service.newRp(customer.session, `${name}.example.com`);
        const { apiKey } = await service.newApiKey(customer.session, id);
        await service.registerUsers(
          apiKey,
          Array.from({ length: 60 }, (_, index) => `user-${index}`),
        );
        rps.push({ customer, id, apiKey });
      }
    }
    /** The RP and the user, as `<RP> <user>`, of each October operation that the service accepted. */
    const counted = new Set<string>();
    const rejected = { open: 0, closed: 0 };
    let isClosed = false;
    /**
     * Reports operations until `until` returns true. The operations occurred in the last millisecond of October or up
     * to a day earlier.
     */
    async function call(until: () => boolean) {
      while (!until()) {
        const { id, apiKey } = chance.pick(rps);
        const operations = Array.from({ length: 1 + chance.below(3) }, () => ({
          userId: `user-${chance.below(60)}`,
          type: 'authentication',
          occurredAt: new Date(end - 1 - chance.pick([0, 0, 1, 60_000, 86_400_000])).toISOString(),
        }));
        const wasClosed = isClosed;
        const { body } = await service.send('POST /v1/rp/operations', { as: apiKey, body: { operations } });
        for (const { status, userId, reason } of (body as { results: OperationResult[] }).results) {
          if (status !== 'rejected') counted.add(`${id} ${userId}`);
          else expect(reason).toBe('month-closed');
          expect(wasClosed && status !== 'rejected').toBe(false);
          rejected[isClosed ? 'closed' : 'open'] += status === 'rejected' ? 1 : 0;
        }
      }
    }
    const callers = (until: () => boolean) => Promise.all(Array.from({ length: 20 }, () => call(until)));

    // From `closing` on, the service rejects operations of October. The callers begin 300 ms earlier and stop after 20
    // rejected operations.
    await service.setClock(Date.parse(closing) - 300);
    await callers(() => rejected.open >= 20);
    // Some requests are in progress when the clock advances past `closing`, and other requests arrive during the run
    // that closes the month.
    await service.setClock(Date.parse(closing) - 60 * 60 * 1_000);
    let isDone = false;
    const calling = callers(() => isDone);
    await service.setClock(Date.parse(closing) + 5 * 60 * 1_000);
    isClosed = true;
    expect((await service.send('POST /_local/schedules/month-close')).body).toEqual({
      through: '2026-10',
      closed: 2,
      complete: true,
    });
    isDone = true;
    await calling;

    expect(counted.size).toBeGreaterThan(20);
    expect(rejected.open).toBeGreaterThanOrEqual(20);
    for (const customer of customers) {
      const mauOf = Object.fromEntries(
        rps
          .filter((rp) => rp.customer === customer)
          .map(({ id }) => [id, [...counted].filter((key) => key.startsWith(id)).length]),
      );
      const mau = Object.values(mauOf).reduce((sum, users) => sum + users, 0);
      const session = await service.signIn(customer.email);
      const listed = await service.send('GET /v1/customer/statements', { as: session });
      const [statement] = listed.read(listStatementsContract.answer.body).items;
      expect(Object.fromEntries((statement?.rps ?? []).map((rp) => [rp.id, rp.mau]))).toEqual(mauOf);
      const overageMau = Math.max(0, mau - 20);
      expect(statement).toMatchObject({ month: '2026-10', timeZone, mau, maxMau: 20, overageMau });
      expect(statement?.overageFee?.amount).toBe((overageMau * 0.05).toFixed(2));
    }
  });
});
