import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { ForbiddenError } from '../../functions/domain/errors.ts';
import { registerRp } from '../../functions/domain/rps/register-rp.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { customerKey } from '../../functions/table/keys.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-11-30T12:00:00Z' });
  owner = await metering.signUp();
});

/**
 * Registers an RP and returns the ID of the RP. Repeats the registration as long as it fails with `UnavailableError`.
 */
async function register(rpId: string): Promise<string> {
  try {
    return (await registerRp(metering.services, await owner.caller(), { rpId, name: 'Shop' })).id;
  } catch (error) {
    if (error instanceof UnavailableError) return register(rpId);
    throw error;
  }
}
const counts = async () => {
  const { registeredRps, rpsOfMonth } = (await readCustomer(metering.table, owner.customerId, 'strong')) ?? {};
  return { registeredRps, rpsOfMonth };
};

it('only one of ten simultaneous RP registrations succeeds if the monthly limit allows one more RP', async () => {
  const first = await register('first.example');
  await metering.table.client.send(
    new UpdateCommand({
      TableName: metering.table.name,
      Key: customerKey(owner.customerId),
      UpdateExpression: 'SET rpsOfMonth.registered = :registered',
      ExpressionAttributeValues: { ':registered': 999 },
    }),
  );
  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => register(`rp-${index}.example`)));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  expect(refused).toHaveLength(9);
  for (const error of refused) expect(error).toBeInstanceOf(ForbiddenError);
  expect(await counts()).toEqual({ registeredRps: 2, rpsOfMonth: { month: '2026-11', registered: 1_000 } });

  // Removing an RP does not allow another registration in the same month, because the statement of the month includes
  // the removed RP. In the next month, the customer may register RPs again.
  const services = { ...metering.services, discard: () => Promise.resolve() };
  await removeRp(services, await owner.caller(), first);
  await expect(register('another.example')).rejects.toThrow(ForbiddenError);
  metering.clock.time = Date.parse('2026-12-01T00:00:00Z');
  await register('another.example');
  expect(await counts()).toEqual({ registeredRps: 2, rpsOfMonth: { month: '2026-12', registered: 1 } });
});

it('ten simultaneous RP registrations all succeed if they are the first of a month', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, index) => register(`rp-${index}.example`)));
  expect(await counts()).toEqual({ registeredRps: 10, rpsOfMonth: { month: '2026-11', registered: 10 } });
});
