import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { authenticateSession } from '../../functions/domain/sessions/authenticate-session.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { UnauthenticatedError } from '../../functions/domain/errors.ts';
import { newSecret } from '../../functions/domain/ids.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { LONG } from '../support/long.ts';

let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeAll(async () => {
  metering = await openMetering();
  owner = await metering.signUp();
});

async function signIn(): Promise<string> {
  const { customerId, email, administrator } = owner;
  const link = newSecret('lnk');
  await putLink(
    metering.table,
    link,
    {
      purpose: 'sign-in',
      customerId,
      administratorId: administrator.administratorId,
      email,
      expiresAt: metering.clock.now() + MINUTE,
    },
    0,
  );
  return (await createSession(metering.services, { token: link }, '192.0.2.1')).sessionToken;
}
/** Returns whether a session is accepted. */
const isAccepted = (token: string) =>
  authenticateSession(metering.services, token).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UnauthenticatedError) return false;
      throw error;
    },
  );

it('a session ends 30 to 35 minutes after its last use, and at the latest 12 hours after the sign-in', async () => {
  const gap = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: 35 * MINUTE, max: 13 * HOUR }) },
    { weight: 2, arbitrary: fc.constantFrom(5 * MINUTE - 1, 5 * MINUTE, 30 * MINUTE, 35 * MINUTE) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(gap, { minLength: 1, maxLength: 30 }), async (gaps) => {
      const token = await signIn();
      const signedInAt = metering.clock.now();
      let alive = true;
      for (const passed of gaps) {
        metering.clock.time += passed;
        alive &&= passed <= 30 * MINUTE && metering.clock.now() < signedInAt + 12 * HOUR;
        expect(await isAccepted(token)).toBe(alive);
        if (!alive) break;
      }
    }),
    { numRuns: LONG ? 200 : 20 },
  );
});

it('a session that is used every 25 minutes ends exactly 12 hours after the sign-in', async () => {
  const token = await signIn();
  const endsAt = metering.clock.now() + 12 * HOUR;
  while (metering.clock.now() + 25 * MINUTE < endsAt) {
    metering.clock.time += 25 * MINUTE;
    expect(await isAccepted(token)).toBe(true);
  }
  metering.clock.time = endsAt - 1;
  expect(await isAccepted(token)).toBe(true);
  metering.clock.time = endsAt;
  expect(await isAccepted(token)).toBe(false);
});
