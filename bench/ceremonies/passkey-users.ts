import { randomBytes } from 'node:crypto';
import type { RpServer } from '../../functions/domain/callers.ts';
import { authenticateApiKey, withRememberedApiKeys } from '../../functions/domain/rps/authenticate-api-key.ts';
import { newRefusalLimits } from '../../functions/domain/activity/refusal-limits.ts';
import { newTokenKeyMemory } from '../../functions/domain/fido2/tokens/token-key-memory.ts';
import type { Clock } from '../../functions/domain/time.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import type { SoftPasskey } from '../../test/support/fido2/authenticator.ts';
import type { CeremonyProcess } from '../../test/support/fido2/ceremony-processes.ts';
import { calendar, servicesOf } from '../setting/population.ts';

/** A user of an RP, and the user's passkey. */
export interface PasskeyUser {
  readonly userId: string;
  readonly passkey: SoftPasskey;
}

/** The secret of the stage. All processes of the benchmark share it. */
const SECRET = randomBytes(32);

/** Returns the services that perform ceremonies, for a table and a clock. The services write no logs. */
export const ceremonyServicesOf = (table: Table, clock: Clock) => ({
  ...servicesOf(table, clock),
  ...{ calendar, verifyDomains: false, signalsUnknownCredentials: true },
  stageSecrets: () => Promise.resolve([SECRET]),
  newerStageSecrets: () => Promise.resolve(undefined),
  tokenKeys: newTokenKeyMemory(clock),
  refusalLimits: newRefusalLimits(clock),
});

/** Returns the RP's server that an API key identifies. */
export const serverOf = (table: Table, clock: Clock, apiKey: string): Promise<RpServer> =>
  authenticateApiKey(withRememberedApiKeys(servicesOf(table, clock)), apiKey);

/** Registers `count` new users with a passkey each, through the service's own code. */
export async function registerPasskeyUsers(
  process: Pick<CeremonyProcess, 'create' | 'register'>,
  count: number,
): Promise<PasskeyUser[]> {
  const users: PasskeyUser[] = [];
  for (let index = 0; index < count; index += 1) {
    const userId = `user-${index}@shop.example`;
    const { passkey, ended } = await process.create({ userId, createUser: true });
    await process.register(ended);
    users.push({ userId, passkey });
  }
  return users;
}
