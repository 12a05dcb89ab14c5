import { randomBytes } from 'node:crypto';
import type { AuthenticationRequest, RegistrationRequest } from '../../../functions/contract/ceremonies.ts';
import type { RpServer } from '../../../functions/domain/callers.ts';
import { authenticateUser } from '../../../functions/domain/fido2/authenticate-user.ts';
import type { CeremonyServices } from '../../../functions/domain/fido2/ceremony-services.ts';
import { registerCredential } from '../../../functions/domain/fido2/register-credential.ts';
import { rememberedSecrets, type StageSecrets } from '../../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { requestAuthenticationOptions } from '../../../functions/domain/fido2/request-authentication-options.ts';
import { requestRegistrationOptions } from '../../../functions/domain/fido2/request-registration-options.ts';
import { authenticateApiKey, withRememberedApiKeys } from '../../../functions/domain/rps/authenticate-api-key.ts';
import { newTokenKeyMemory } from '../../../functions/domain/fido2/tokens/token-key-memory.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { createPasskey, usePasskey, type SoftPasskey } from './authenticator.ts';
import { openMetering } from '../metering/metering.ts';

/** A process that performs ceremonies, with its own table client and its own clock. */
export type CeremonyProcess = ReturnType<typeof startCeremonies>;

/**
 * Returns functions that perform the ceremonies of an RP with the service's own code, without HTTP and without the
 * check of the API key. An authenticator on the RP's own page responds.
 */
export function startCeremonies(unremembered: CeremonyServices, caller: RpServer) {
  const services = withRememberedApiKeys(unremembered);
  const origin = `https://${caller.rp.rpId}`;
  const request = (idempotencyKey: string | undefined) => ({ idempotencyKey, receivedAt: services.clock.now() });
  return {
    /** Begins a registration and lets the authenticator respond. */
    async create(
      asked: Pick<RegistrationRequest, 'userId'> & Partial<RegistrationRequest>,
      deviations: Parameters<typeof createPasskey>[2] = {},
    ) {
      const body: RegistrationRequest = { createUser: false, ...asked };
      const { ceremony, options } = await requestRegistrationOptions(services, caller, body);
      const { passkey, response } = createPasskey(origin, options, deviations);
      return { passkey, ended: { ceremony, response, dryRun: false, signals: false } };
    },
    /** Begins an authentication and lets the authenticator respond. */
    async use(
      passkey: SoftPasskey,
      asked: Partial<AuthenticationRequest> = {},
      deviations: Parameters<typeof usePasskey>[3] = {},
    ) {
      const body: AuthenticationRequest = { concealUnknownUser: false, ...asked };
      const { ceremony, options } = await requestAuthenticationOptions(services, caller, body);
      return { ceremony, response: usePasskey(origin, passkey, options, deviations), signals: false };
    },
    register: (ended: Parameters<typeof registerCredential>[2], idempotencyKey?: string) =>
      registerCredential(services, caller, ended, request(idempotencyKey)),
    signIn: (ended: Parameters<typeof authenticateUser>[2], idempotencyKey?: string) =>
      authenticateUser(services, caller, ended, request(idempotencyKey)),
  };
}

/**
 * Opens a table with a customer and an RP. Returns functions that perform ceremonies in several processes, without
 * HTTP, so that a test can let one of them fail.
 */
export async function openCeremonies() {
  const metering = await openMetering();
  const owner = await metering.signUp();
  const key = await owner.rp();
  const caller: RpServer = await authenticateApiKey(metering.process(metering.table), key.apiKey);
  const secret = randomBytes(32);

  /**
   * Returns a process. Its clock is `ahead` milliseconds ahead of the test's clock. `secrets` returns the
   * secrets of the stage.
   */
  function process(
    table: Table = metering.table,
    ahead = 0,
    secrets: () => StageSecrets = () => [secret],
  ): CeremonyProcess {
    const clock = { now: () => metering.clock.now() + ahead };
    return startCeremonies(
      {
        ...metering.services,
        ...{ table, clock, verifyDomains: false, signalsUnknownCredentials: true },
        ...rememberedSecrets(() => Promise.resolve(secrets()), clock),
        tokenKeys: newTokenKeyMemory(clock),
      },
      caller,
    );
  }
  return { metering, owner, caller, secret, process };
}
