import { expect, it } from 'vitest';
import { newTestRp } from '../support/fido2/ceremonies.ts';
import { performFss } from '../support/fss.ts';
import { startTestService } from '../support/service.ts';

it('getAllUsers answers UNEXPECTED_ERROR with the native route if the users exceed 5 MB', async () => {
  const service = await startTestService();
  const rp = await newTestRp(service);
  const displayName = '"'.repeat(200);
  for (let start = 0; start < 4_800; start += 50) {
    const users = Array.from({ length: 50 }, (_, index) => ({
      userId: `${'u'.repeat(120)}${start + index}`,
      displayName,
    }));
    const { status } = await service.send('POST /v1/rp/users', { as: rp.apiKey, body: { users } });
    expect(status).toBe(200);
  }
  const answer = await performFss(service, rp, 'getAllUsers', {});
  await service.stop();

  expect(answer.appStatus).toBe('UNEXPECTED_ERROR');
  expect(answer.message).toMatch(/5 MB.*GET \/v1\/rp\/users/);
}, 240_000);
