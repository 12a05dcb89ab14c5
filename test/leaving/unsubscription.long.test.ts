import { describe, expect, it, vi } from 'vitest';
import { DAY } from '../../functions/domain/time.ts';
import { startTestService } from '../support/service.ts';

describe('unsubscribing in the local service', () => {
  it('discards all data of the customer, even if the clock is set back afterwards', async () => {
    const machine = await startTestService({ unsubscribeGraceHours: 0 });
    try {
      await machine.setClock(Date.now() + 200 * DAY);
      const { customerId, session } = await machine.signUp();
      const { apiKey } = await machine.newApiKey(session, (await machine.newRp(session)).id);
      await machine.registerUsers(apiKey, ['a', 'b']);
      await machine.authenticateUsers(apiKey, ['a']);
      await machine.setClock(Date.now() + 300 * DAY);
      await machine.authenticateUsers(apiKey, ['b']);
      await machine.drain();
      const { email } = (await machine.dump()).find(({ pk }) => String(pk).startsWith('EMAIL#')) as { email: string };
      const again = await machine.signIn(email);
      const body = { confirmation: 'Example Corporation' };
      expect((await machine.send('POST /v1/customer/unsubscription', { as: again, body })).status).toBe(202);

      await machine.send('DELETE /_local/clock');
      // The process cached the API key before the clock was set back, so the cache entry has a time in the future. The
      // process must not accept the API key because of this cache entry.
      const operations = [{ userId: 'a', type: 'authentication' }];
      const report = () => machine.send('POST /v1/rp/operations', { as: apiKey, body: { operations } });
      expect((await report()).status).toBe(401);
      await vi.waitFor(
        async () => {
          await machine.pass(3_000);
          const left = (await machine.dump()).filter((item) => JSON.stringify(item).includes(customerId));
          expect(left.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${customerId}`]);
        },
        { timeout: 40_000, interval: 500 },
      );
      expect((await machine.dump()).filter(({ pk }) => /^(RP|ACTIVE)#/.test(String(pk)))).toEqual([]);
    } finally {
      await machine.stop();
    }
  });
});
