import { setTimeout as sleep } from 'node:timers/promises';
import { AuthenticatorEmulator, WebAuthnEmulator } from 'nid-webauthn-emulator';
import { createFido2Client, type Fido2Client } from 'fido2-server-service-sdk';
import * as z from 'zod';
import { createdBearerKey, listRpsContract, registerRpContract } from '../../functions/contract/rps.ts';
import type { Api } from './api.ts';
import type { Report } from './report.ts';
import { readMau, type Representative } from './sign-up.ts';
import { expectThat, SmokeError } from './smoke-error.ts';

/** The RP ID needs no DNS record, even in a stage that verifies domains. */
const RP_ID = 'localhost';
/** The only origin that an RP accepts before somebody changes its settings. */
const ORIGIN = `https://${RP_ID}`;
/** The time between two reads of the MAU, in milliseconds. */
const BETWEEN_READS = 1_000;

/** The entrances to the API. */
export interface Entrances {
  readonly console: Api;
  /** The entrance that the servers of RPs use to sign users in. */
  readonly forRps: Api;
  readonly fetch: typeof fetch;
  /** How often the MAU are read, once a second, until the user is counted. */
  readonly reads: number;
}

/**
 * Registers an RP and a user, and lets a software authenticator register a passkey and sign in. Waits until the user is
 * counted. Calls `onRp` with the service's own ID of the RP as soon as the RP exists.
 *
 * If the process dies after a step, the RP and everything that belongs to it stay until somebody removes the RP. The
 * next smoke test with the same address removes it.
 */
export async function tourPasskeys(
  report: Report,
  entrances: Entrances,
  representative: Representative,
  onRp: (id: string) => void,
): Promise<void> {
  const { step } = report;
  const { console: api, forRps, fetch, reads } = entrances;
  const { session, mau } = representative;
  const rp = await step('RP', async () => {
    const earlier = await removeRps(api, session);
    const { id } = await api.send('POST /v1/rps', registerRpContract.answer.body, {
      session,
      body: { rpId: RP_ID, name: 'Smoke test' },
    });
    onRp(id);
    const removed = earlier === 0 ? '' : '; the RP of an earlier smoke test was removed';
    return { found: `${id} is registered for ${RP_ID}${removed}`, value: id };
  });
  const apiKey = await step('API key', async () => {
    const key = await api.send(`POST /v1/rps/${rp}/api-keys`, createdBearerKey, {
      session,
      body: { name: 'Smoke test' },
    });
    return { found: `${key.keyId} was created`, value: key.apiKey };
  });
  const clientOf = ({ url }: Api) =>
    createFido2Client({ apiKey, baseUrl: url, rpId: RP_ID, timeoutSeconds: 30, retries: 0, fetch });
  const fido2 = clientOf(api);
  const userId = await step('user', async () => {
    const id = `smoke-${Date.now()}`;
    const { results } = await fido2.registerUsers({ users: [{ userId: id, displayName: 'Smoke test' }] });
    expectThat(results[0]?.status === 'registered', `the user was not registered: ${JSON.stringify(results)}`);
    return { found: `${id} is registered`, value: id };
  });
  const browser = new WebAuthnEmulator(new AuthenticatorEmulator());
  await step('registration', () => register(fido2, browser, userId));
  await step('sign-in', () => signIn(clientOf(forRps), forRps, browser, userId));
  await step('MAU', () => waitForMau(api, representative, { expected: mau + 1, reads }));
}

async function register(fido2: Fido2Client, browser: WebAuthnEmulator, userId: string) {
  const { ceremony, options } = await fido2.requestRegistrationOptions({
    userId,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const response = browser.createJSON(ORIGIN, options);
  const { operation, credential } = await fido2.registerCredential({ ceremony, response });
  expectThat(
    operation?.status === 'counted',
    `the status of the operation is ${operation?.status ?? 'missing'}, but should be counted`,
  );
  return {
    found: `the passkey ${credential.id.slice(0, 8)}… is registered, and the user is counted`,
    value: undefined,
  };
}

async function signIn(fido2: Fido2Client, { url }: Api, browser: WebAuthnEmulator, userId: string) {
  const { ceremony, options } = fido2.beginAuthentication({ userVerification: 'required' });
  const response = browser.getJSON(ORIGIN, options);
  const { user, operation } = await fido2.authenticateUser({ ceremony, response });
  expectThat(user.userId === userId, `the service says that ${user.userId} signed in, but it was ${userId}`);
  expectThat(
    operation.status === 'already-counted',
    `the status of the operation is ${operation.status}, but should be already-counted`,
  );
  return { found: `the user signed in at ${url}`, value: undefined };
}

async function waitForMau(
  api: Api,
  representative: Representative,
  { expected, reads }: { expected: number; reads: number },
) {
  for (let read = 1; ; read += 1) {
    const mau = await readMau(api, representative);
    if (mau === expected) return { found: `the console shows ${mau} MAU`, value: undefined };
    if (read >= reads || mau > expected)
      throw new SmokeError(`the console shows ${mau} MAU, but should show ${expected}`);
    await sleep(BETWEEN_READS);
  }
}

/**
 * Removes all RPs of the customer, which only smoke tests use, with their users, passkeys and API keys. Returns how
 * many there were. After a lost response, there may be an RP whose ID the smoke test does not know.
 */
export async function removeRps(api: Api, session: string): Promise<number> {
  const { items } = await api.send('GET /v1/rps', listRpsContract.answer.body, { session });
  for (const { id } of items) await api.send(`DELETE /v1/rps/${id}`, z.unknown(), { session });
  return items.length;
}
