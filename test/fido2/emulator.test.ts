import {
  AuthenticatorEmulator,
  PasskeysCredentialsMemoryRepository,
  WebAuthnEmulator,
  type AuthenticatorParameters,
} from 'nid-webauthn-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authenticateUserContract,
  registerCredentialContract,
  requestAuthenticationOptionsContract,
  requestRegistrationOptionsContract,
} from '../../functions/contract/ceremonies.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** Ceremonies over HTTP with an emulated browser and authenticator, which share no code with this project. */

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

let users = 0;
const newUserId = () => `user-${(users += 1)}`;
const { answer: registrationOptions } = requestRegistrationOptionsContract;
const { answer: authenticationOptions } = requestAuthenticationOptionsContract;

/** Returns a browser with an emulated authenticator. The authenticator stores at most one passkey for each user. */
function newBrowser(authenticator: Partial<AuthenticatorParameters> = {}): WebAuthnEmulator {
  const credentialsRepository = new PasskeysCredentialsMemoryRepository();
  return new WebAuthnEmulator(new AuthenticatorEmulator({ credentialsRepository, ...authenticator }));
}
const passkeysOf = ({ authenticator }: WebAuthnEmulator) =>
  authenticator.params.credentialsRepository?.loadCredentials() ?? [];
/** Returns authenticator settings with these results of the checks whether the user is present and verified. */
const checking = (result: { up: boolean; uv: boolean }): Partial<AuthenticatorParameters> => ({
  userMakeCredentialInteraction: () => ({ options: result }),
  userGetAssertionInteraction: () => ({ options: result }),
});

/** Lets a browser perform a registration, and returns the answer of the service. */
async function register(browser: WebAuthnEmulator, body: Parameters<TestRp['beginRegistration']>[0]) {
  const { ceremony, options } = (await rp.beginRegistration(body)).read(registrationOptions.body);
  return rp.end('registrations', { ceremony, response: browser.createJSON(rp.origin, options) });
}
/** Lets a browser perform an authentication, and returns the answer of the service. */
async function authenticate(browser: WebAuthnEmulator, body: Parameters<TestRp['beginAuthentication']>[0] = {}) {
  const { ceremony, options } = (await rp.beginAuthentication(body)).read(authenticationOptions.body);
  return rp.end('authentications', { ceremony, response: browser.getJSON(rp.origin, options), signals: true });
}
async function accepted(answer: ReturnType<typeof register>) {
  return (await answer).read(registerCredentialContract.answer.body);
}
async function signedIn(answer: ReturnType<typeof authenticate>) {
  return (await answer).read(authenticateUserContract.answer.body);
}

describe('a passkey of an emulated authenticator', () => {
  it.each([
    ['ES256', -7],
    ['EdDSA', -8],
    ['RS256', -257],
  ] as const)('is registered with %s, and signs in with and without the name of the user', async (name, algorithm) => {
    const browser = newBrowser({ algorithmIdentifiers: [name] });
    const userId = newUserId();
    const { user, credential } = await accepted(register(browser, { userId, createUser: true }));
    expect(credential).toMatchObject({
      ...{ algorithm, transports: ['usb'], discoverable: true, backupEligible: true, backedUp: true },
      ...{ userVerified: true, signCount: 0, attestation: { format: 'none', type: 'none', trusted: false } },
    });
    expect(passkeysOf(browser)[0]?.user).toMatchObject({ name: userId, displayName: '' });

    for (const [index, named] of [{}, { userId }, { mediation: 'conditional' } as const].entries()) {
      const signIn = await signedIn(authenticate(browser, named));
      expect(signIn).toMatchObject({ user: { userHandle: user.userHandle }, userVerified: true });
      expect(signIn.credential).toMatchObject({ id: credential.id, signCount: index + 1 });
    }
  });

  it('signs in without a name only if the authenticator stores passkeys', async () => {
    const browser = newBrowser({ stateless: true, algorithmIdentifiers: ['ES256'] });
    const userId = newUserId();
    const { credential } = await accepted(register(browser, { userId, createUser: true }));
    expect(credential).toMatchObject({ backupEligible: false, backedUp: false });
    await expect(authenticate(browser)).rejects.toThrow(expect.objectContaining({ name: 'NotAllowedError' }));
    expect(await signedIn(authenticate(browser, { userId }))).toMatchObject({
      user: { userId },
      credential: { id: credential.id, signCount: 0 },
    });
  });

  it('is refused if its authenticator cannot create a credential ID of at most 1,023 bytes', async () => {
    // This authenticator puts the private key into the credential ID. With RS256, the private key has 1.2 KB.
    const browser = newBrowser({ stateless: true, algorithmIdentifiers: ['RS256'] });
    const refused = await register(browser, { userId: newUserId(), createUser: true });
    expectProblem(refused, 400, 'validation');
    expect(refused.body).toMatchObject({ errors: [{ pointer: '#/response/id' }, { pointer: '#/response/rawId' }] });
  });
});

describe('an emulated authenticator that does not verify the user', () => {
  const unverified = () => newBrowser(checking({ up: true, uv: false }));

  it.each(['preferred', 'discouraged'] as const)('is accepted if user verification is %s', async (userVerification) => {
    const browser = unverified();
    const body = { userId: newUserId(), createUser: true, authenticatorSelection: { userVerification } };
    expect((await accepted(register(browser, body))).credential.userVerified).toBe(false);
    expect((await signedIn(authenticate(browser, { userVerification }))).userVerified).toBe(false);
  });

  it('is refused if user verification is required', async () => {
    const browser = unverified();
    const userId = newUserId();
    const required = { userId, createUser: true, authenticatorSelection: { userVerification: 'required' } } as const;
    expectProblem(await register(browser, required), 403, 'user-verification-required');
    await accepted(register(browser, { userId, createUser: true }));
    const refused = await authenticate(browser, { userVerification: 'required' });
    expectProblem(refused, 403, 'user-verification-required');
  });

  it('verifies the user later, which does not change the credential', async () => {
    const browser = unverified();
    await accepted(register(browser, { userId: newUserId(), createUser: true }));
    Object.assign(browser.authenticator.params, checking({ up: true, uv: true }));
    expect(await signedIn(authenticate(browser, { userVerification: 'required' }))).toMatchObject({
      userVerified: true,
      credential: { userVerified: false },
    });
  });
});

describe('an emulated authenticator that does not test whether the user is present', () => {
  const untouched = () => newBrowser(checking({ up: false, uv: false }));

  it('is refused in both ceremonies', async () => {
    const browser = untouched();
    const body = { userId: newUserId(), createUser: true };
    const registration = await register(browser, body);
    expectProblem(registration, 400, 'response-invalid');
    expect(registration.body).toMatchObject({ step: 'user-presence' });

    const present = newBrowser();
    await accepted(register(present, body));
    Object.assign(present.authenticator.params, checking({ up: false, uv: false }));
    for (const mediation of [undefined, 'conditional'] as const) {
      const authentication = await authenticate(present, { mediation });
      expectProblem(authentication, 400, 'response-invalid');
      expect(authentication.body).toMatchObject({ step: 'user-presence' });
    }
  });

  it('is accepted in a conditional registration, and signs in when it tests the presence of the user', async () => {
    const userId = newUserId();
    await accepted(register(newBrowser(), { userId, createUser: true }));
    const browser = untouched();
    const { credential } = await accepted(register(browser, { userId, mediation: 'conditional' }));
    expect(credential.userVerified).toBe(false);
    Object.assign(browser.authenticator.params, checking({ up: true, uv: true }));
    expect((await signedIn(authenticate(browser))).credential.id).toBe(credential.id);
  });
});

describe('the sign count of an emulated authenticator', () => {
  it.each([0, 1, 1_000])('may increase by %i with each sign-in', async (signCounterIncrement) => {
    const browser = newBrowser({ signCounterIncrement });
    await accepted(register(browser, { userId: newUserId(), createUser: true }));
    for (const times of [1, 2, 3]) {
      const { credential } = await signedIn(authenticate(browser));
      expect(credential.signCount).toBe(times * signCounterIncrement);
    }
  });

  it('may not stay the same or decrease once it has increased', async () => {
    const browser = newBrowser();
    await accepted(register(browser, { userId: newUserId(), createUser: true }));
    // Somebody copies the passkey, and each device goes on counting.
    const copy = newBrowser();
    for (const passkey of passkeysOf(browser)) copy.authenticator.params.credentialsRepository?.saveCredential(passkey);
    const countOf = async (device: WebAuthnEmulator) => (await signedIn(authenticate(device))).credential.signCount;
    expect([await countOf(browser), await countOf(browser)]).toEqual([1, 2]);
    // The counts of the copy are 1 and 2.
    expectProblem(await authenticate(copy), 403, 'sign-count-not-increased');
    expectProblem(await authenticate(copy), 403, 'sign-count-not-increased');
    expect([await countOf(browser), await countOf(browser)]).toEqual([3, 4]);
    // The copy overtakes the owner, whose next sign-in is refused.
    Object.assign(copy.authenticator.params, { signCounterIncrement: 3 });
    expect(await countOf(copy)).toBe(5);
    expectProblem(await authenticate(browser), 403, 'sign-count-not-increased');
  });
});

describe('a user with several emulated authenticators', () => {
  it('has one passkey in each of them, and signs in with each', async () => {
    const userId = newUserId();
    const names = ['ES256', 'EdDSA', 'RS256'] as const;
    const browsers = names.map((name) => newBrowser({ algorithmIdentifiers: [name] }));
    const ids: string[] = [];
    for (const [index, browser] of browsers.entries()) {
      const { credential, user } = await accepted(register(browser, { userId, createUser: index === 0 }));
      expect(user.credentials).toEqual({ total: index + 1, enabled: index + 1 });
      ids.push(credential.id);
    }
    for (const body of [{}, { userId }]) {
      for (const [index, browser] of browsers.entries()) {
        const { credential, signals } = await signedIn(authenticate(browser, body));
        expect(credential.id).toBe(ids[index]);
        expect(signals.allAcceptedCredentials?.allAcceptedCredentialIds.sort()).toEqual([...ids].sort());
      }
    }
  });

  it('signs in only with the authenticators that the RP asks for', async () => {
    const userId = newUserId();
    const [phone, key] = [newBrowser(), newBrowser()];
    await accepted(register(phone, { userId, createUser: true }));
    const { credential } = await accepted(register(key, { userId }));
    const body = { userId, credentialIds: [credential.id] };
    expect((await signedIn(authenticate(key, body))).credential.id).toBe(credential.id);
    await expect(authenticate(phone, body)).rejects.toThrow(expect.objectContaining({ name: 'NotAllowedError' }));
  });

  it('cannot register an authenticator twice', async () => {
    const browser = newBrowser();
    const [userId, other] = [newUserId(), newUserId()];
    await accepted(register(browser, { userId, createUser: true }));
    await expect(register(browser, { userId })).rejects.toThrow(expect.objectContaining({ name: 'NotAllowedError' }));
    // Another user of the same authenticator has a passkey of their own.
    await accepted(register(browser, { userId: other, createUser: true }));
    expect(passkeysOf(browser)).toHaveLength(2);
    for (const user of [userId, other]) {
      expect((await signedIn(authenticate(browser, { userId: user }))).user.userId).toBe(user);
    }
  });
});

describe('the signals of the service', () => {
  it('let an emulated browser delete a passkey that was removed, rename the user, and keep the rest', async () => {
    const userId = newUserId();
    const [lost, kept] = [newBrowser(), newBrowser()];
    const { credential } = await accepted(register(lost, { userId, createUser: true }));
    await accepted(register(kept, { userId }));
    const asRp = (request: string, body?: object) => service.send(request, { as: rp.apiKey, body });
    await asRp(`DELETE /v1/rp/users/${userId}/credentials/${credential.id}`);
    await asRp(`PATCH /v1/rp/users/${userId}`, { userName: 'carol', displayName: 'Carol Chiba' });

    const { signals } = await signedIn(authenticate(kept));
    if (!signals.allAcceptedCredentials || !signals.currentUserDetails) throw new Error('Signals are missing.');
    for (const browser of [kept, lost]) browser.signalCurrentUserDetails(signals.currentUserDetails);
    for (const browser of [kept, lost]) {
      expect(passkeysOf(browser)[0]?.user).toMatchObject({ name: 'carol', displayName: 'Carol Chiba' });
    }
    const refused = await authenticate(lost);
    expectProblem(refused, 404, 'credential-unknown');
    const { unknownCredential } = (refused.body as { signals: Record<string, { rpId: string; credentialId: string }> })
      .signals;
    if (!unknownCredential) throw new Error('The signal is missing.');
    const restored = passkeysOf(lost);
    lost.signalUnknownCredential(unknownCredential);
    expect(passkeysOf(lost)).toEqual([]);

    // The other signal deletes it too.
    for (const passkey of restored) lost.authenticator.params.credentialsRepository?.saveCredential(passkey);
    for (const browser of [kept, lost]) browser.signalAllAcceptedCredentials(signals.allAcceptedCredentials);
    expect([passkeysOf(kept), passkeysOf(lost)].map(({ length }) => length)).toEqual([1, 0]);
    expect((await signedIn(authenticate(kept))).user.userName).toBe('carol');
  });
});
