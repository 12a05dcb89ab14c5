import { WebAuthnEmulator } from 'nid-webauthn-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegistrationResponse } from '../../functions/contract/values/webauthn.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { performFss, fssUserIdOf } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';

/**
 * Ceremonies with an emulated browser, which shares no code with this project, and with bodies as clients in two
 * programming languages make them: one converts the members of the browser's object, the other one writes null for each
 * member that it lacks.
 */

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

const call = (name: string, body: unknown, cookie?: string | null) => performFss(service, rp, name, body, cookie);

/**
 * Returns JSON of the browser's object as a client makes it that copies every member and encodes bytes as base64url.
 */
function copied(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64url');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = {};
  // Also members that the object inherits.
  for (const name in value) members[name] = copied((value as Record<string, unknown>)[name]);
  return members;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url')).buffer;

describe('a client of the FSS format', () => {
  it('performs both ceremonies with copies of the browser’s objects', async () => {
    const browser = new WebAuthnEmulator();
    const userId = fssUserIdOf(30);
    const user = { userId, userName: 'user1@example.com', displayName: 'user 1', userAttributes: { a: 'b' } };
    await call('registerUser', { user: { ...user, disabled: false } });
    const started = await call('registerCredential/start', { creationOptionsBase: {}, user: { userId } });
    const { challenge, user: shown, excludeCredentials, ...options } = started.data.creationOptions;
    const created = browser.create(rp.origin, {
      publicKey: {
        ...options,
        challenge: bytesOf(challenge),
        user: { ...shown, id: bytesOf(shown.id) },
        excludeCredentials: excludeCredentials.map(({ id }) => ({ type: 'public-key', id: bytesOf(id) })),
      },
    });
    const body = { createResponse: { attestationResponse: copied(created) } };
    expect(await call('registerCredential/verify', body, started.cookie)).toMatchObject({ appStatus: 'OK' });
    expect(await call('registerCredential/finish', body, started.cookie)).toMatchObject({ appStatus: 'OK' });
    expect((await call('getUser', { userId })).data.credentials).toHaveLength(1);

    const begun = await call('authenticate/start', { requestOptionsBase: {}, userId });
    const { challenge: asked, allowCredentials = [], ...rest } = begun.data.requestOptions;
    const used = browser.get(rp.origin, {
      publicKey: {
        ...rest,
        challenge: bytesOf(asked),
        allowCredentials: allowCredentials.map(({ id }) => ({ type: 'public-key', id: bytesOf(id) })),
      },
    });
    const signedIn = await call(
      'authenticate/finish',
      { requestResponse: { attestationResponse: copied(used) } },
      begun.cookie,
    );
    expect(signedIn).toMatchObject({ appStatus: 'OK', data: { user: { userId } } });
  });

  it('performs both ceremonies with null for every member that it lacks', async () => {
    const browser = new WebAuthnEmulator();
    const userId = fssUserIdOf(31);
    const user = { userId, userName: 'user2@example.com', displayName: null, userAttributes: null, disabled: false };
    const selection = { authenticatorAttachment: null, residentKey: 'preferred', requireResidentKey: null };
    const started = await call('registerCredential/start', {
      creationOptionsBase: {
        authenticatorSelection: { ...selection, userVerification: 'required' },
        timeout: null,
        hints: null,
        attestation: 'none',
        extensions: null,
      },
      user,
      options: {
        createUserIfNotExists: true,
        updateUserIfExists: null,
        credentialName: { name: 'Key', nameIfModelNameExists: null, nameIfEnterpriseAttestationExists: null },
        credentialAttributes: null,
      },
    });
    expect(started).toMatchObject({ appStatus: 'OK' });
    const { id, rawId, type, response } = browser.createJSON(
      rp.origin,
      started.data.creationOptions,
    ) as unknown as RegistrationResponse;
    const { clientDataJSON, attestationObject } = response;
    const attestationResponse = { id, rawId, type, response: { clientDataJSON, attestationObject } };
    const finished = await call(
      'registerCredential/finish',
      { createResponse: { attestationResponse, transports: ['usb'] }, options: null },
      started.cookie,
    );
    expect(finished).toMatchObject({ appStatus: 'OK', data: { credential: { transportsUsb: true } } });

    const base = { timeout: null, hints: null, userVerification: 'required', extensions: null };
    const begun = await call('authenticate/start', { requestOptionsBase: base, userId: null, options: null });
    const used = browser.getJSON(rp.origin, begun.data.requestOptions);
    const signedIn = await call(
      'authenticate/finish',
      { requestResponse: { attestationResponse: JSON.stringify(used) } },
      begun.cookie,
    );
    expect(signedIn).toMatchObject({ appStatus: 'OK', data: { user: { userId } } });
  });
});
