import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { authenticateApiKey } from '../../functions/domain/rps/authenticate-api-key.ts';
import { newTokenKeyMemory } from '../../functions/domain/fido2/tokens/token-key-memory.ts';
import { fssCalls } from '../../functions/domain/fss/fss-calls.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { openDiscarding } from '../support/discarding.ts';
import { fssUserIdOf } from '../support/fss.ts';
import { openMetering } from '../support/metering/metering.ts';

it('removing an RP discards users without a credential, their handles, and registrations that have not ended', async () => {
  const metering = await openMetering();
  const { queue, runDry } = await openDiscarding(metering);
  const owner = await metering.signUp();
  const [rp, other] = [await owner.rp(), await owner.rp()];
  const secret = randomBytes(32);
  const services = {
    ...metering.services,
    ...{ verifyDomains: false, signalsUnknownCredentials: true },
    stageSecrets: () => Promise.resolve([secret]),
    newerStageSecrets: () => Promise.resolve(undefined),
    tokenKeys: newTokenKeyMemory(metering.clock),
  };
  for (const { apiKey } of [rp, other]) {
    const caller = await authenticateApiKey(metering.process(), apiKey);
    const call = (name: string, body: unknown) =>
      fssCalls[name]?.(services, { caller, body, cookie: undefined, receivedAt: metering.clock.now() });
    await call('registerUser', { user: { userId: fssUserIdOf(1), userName: 'Alice' } });
    await call('registerCredential/start', {
      user: { userId: fssUserIdOf(2), userName: 'Bob', userAttributes: { text: 'x'.repeat(1_500) } },
      options: { createUserIfNotExists: true },
    });
  }
  const left = async (rpRef: string) =>
    (await metering.dump())
      .filter(({ pk }) => /^(RP|HANDLE)#/.test(String(pk)) && String(pk).includes(rpRef))
      .map(({ sk }) => String(sk).split('#')[0])
      .sort();
  const all = ['PENDING-REGISTRATION', 'USER', 'USER', 'USER-NAME'];
  expect(await left(rp.rpRef)).toEqual(all);

  await removeRp({ ...metering.services, discard: queue.discard }, await owner.caller(), rp.rpRef);
  await runDry();
  expect(await left(rp.rpRef)).toEqual([]);
  expect(await left(other.rpRef)).toEqual(all);
});
