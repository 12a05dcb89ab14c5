import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasskey, usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { fssUserIdOf, performFss, type FssOutcome } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
let users = 0;

beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

const call = (name: string, body: unknown, cookie?: string | null, at = rp) =>
  performFss(service, at, name, body, cookie);

const newUser = (changes: object = {}) => {
  const userId = fssUserIdOf((users += 1));
  return { userId, userName: `user-${users}@example.com`, displayName: `User ${users}`, ...changes };
};

/** Registers a user without a credential. */
async function registerUser(changes: object = {}, at = rp) {
  const user = newUser(changes);
  const { appStatus, message } = await call('registerUser', { user }, null, at);
  if (appStatus !== 'OK') throw new Error(message);
  return user;
}

const start = (user: object, options: object = {}, creationOptionsBase: object = {}, at = rp) =>
  call('registerCredential/start', { creationOptionsBase, user, options }, null, at);

/** Lets an authenticator respond to the options of a registration. */
const create = (started: FssOutcome, deviations: Parameters<typeof createPasskey>[2] = {}, at = rp) =>
  createPasskey(at.origin, started.data.creationOptions, deviations);

const finish = (started: FssOutcome, attestationResponse: unknown, more: object = {}, name = 'finish') =>
  call(`registerCredential/${name}`, { createResponse: { attestationResponse, ...more } }, started.cookie);

/** Registers a credential, by default of a new user. */
async function register(user: { userId: string } = newUser(), options: object = {}) {
  const started = await start(user, { createUserIfNotExists: true, ...options });
  const { passkey, response } = create(started);
  const { appStatus, message, data } = await finish(started, response);
  if (appStatus !== 'OK') throw new Error(message);
  return { passkey, user: data.user, credential: data.credential };
}

const startSignIn = (userId?: string, requestOptionsBase: object = {}, at = rp) =>
  call('authenticate/start', { requestOptionsBase, userId }, null, at);
const use = (started: FssOutcome, passkey: SoftPasskey, deviations: Parameters<typeof usePasskey>[3] = {}) =>
  usePasskey(rp.origin, passkey, started.data.requestOptions, deviations);
const finishSignIn = (started: FssOutcome, attestationResponse: unknown) =>
  call('authenticate/finish', { requestResponse: { attestationResponse } }, started.cookie);

describe('a call with odd values', () => {
  it('is refused if the extensions are deep or large', async () => {
    const deep = JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`) as unknown;
    for (const value of [deep, 'x'.repeat(3_000)]) {
      const { appStatus, message } = await startSignIn(undefined, { extensions: { value } });
      expect([appStatus, message]).toEqual([
        'PARAMETER_ERROR',
        expect.stringContaining('requestOptionsBase.extensions'),
      ]);
    }
  });

  it('is refused with a short message, however many and long the names of its fields are', async () => {
    const wrong = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`${'k'.repeat(150)}${index}`, 1e999]),
    );
    const body = JSON.stringify({
      user: newUser({ userAttributes: wrong }),
      creationOptionsBase: { hints: ['', '', ''] },
    });
    const { appStatus, message = '' } = await call('registerCredential/start', JSON.parse(body));
    expect(appStatus).toBe('PARAMETER_ERROR');
    expect(message.length).toBeLessThan(4_000);
  });
});

describe('registerCredential', () => {
  it('begins for a user who exists, whatever the call says about disabling the user', async () => {
    const enabled = await registerUser();
    expect(await start({ ...enabled, disabled: true })).toMatchObject({ appStatus: 'OK' });
    const disabled = await registerUser({ disabled: true });
    expect(await start(disabled)).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'USER_IS_DISABLED' });
  });

  it('registers a credential of a user, which verify shows before', async () => {
    const user = await registerUser({ userAttributes: { plan: 'gold' } });
    const started = await start({ userId: user.userId });
    expect(started.data.creationOptions).toMatchObject({
      rp: { id: rp.rpId },
      user: { id: user.userId, name: user.userName, displayName: user.displayName },
      excludeCredentials: [],
    });
    expect(started.data.user).toEqual((await call('getUser', { userId: user.userId })).data.user);
    expect(started.cookie?.length).toBeLessThan(1_000);

    const { passkey, response } = create(started);
    await service.drain();
    const before = await service.dump();
    const verified = await finish(started, response, { transports: ['usb', 'nfc'] }, 'verify');
    expect(await service.dump()).toEqual(before);
    const finished = await finish(started, response, { transports: ['usb', 'nfc'] });
    expect(finished.data.user).toMatchObject({ userId: user.userId, credentialCount: 1, enabledCredentialCount: 1 });
    expect(finished.data.credential).toMatchObject({
      rpId: rp.rpId,
      userId: user.userId,
      credentialId: passkey.credentialId.toString('base64url'),
      credentialName: 'Passkey',
      credentialAttributes: null,
      transportsRaw: '["usb","nfc"]',
      transportsUsb: true,
      transportsNfc: true,
      transportsInternal: false,
      attestationObject: response.response.attestationObject,
      clientDataJsonRaw: response.response.clientDataJSON,
      disabled: false,
      lastAuthenticated: null,
    });
    const { registered, updated, ...shown } = finished.data.credential;
    expect(verified.data.credential).toMatchObject(shown);
    expect(updated).toBe(registered);
    expect([verified.cookie, finished.cookie]).toEqual([undefined, null]);
    const stored = await call('getUser', { userId: user.userId });
    expect(stored.data.credentials).toEqual([finished.data.credential]);
  });

  it('creates a user at the end, and not before', async () => {
    const user = newUser({ userAttributes: '{"a":1}' });
    const started = await start(user, { createUserIfNotExists: true });
    expect(started.data.user).toEqual({
      ...user,
      rpId: rp.rpId,
      userAttributes: { a: 1 },
      disabled: false,
      credentialCount: 0,
      enabledCredentialCount: 0,
    });
    const read = () => call('getUser', { userId: user.userId });
    expect(await read()).toMatchObject({ appStatus: 'NOT_FOUND' });
    const { response } = create(started);
    const { data } = await finish(started, response, {}, 'verify');
    expect(data.user).toMatchObject({ userId: user.userId, credentialCount: 0 });
    expect(await read()).toMatchObject({ appStatus: 'NOT_FOUND' });
    await finish(started, response);
    expect((await read()).data.user).toMatchObject({ ...user, userAttributes: { a: 1 }, credentialCount: 1 });
  });

  it('adds a credential to a user who exists, and changes the user only if asked to', async () => {
    const { user } = await register();
    const renamed = { ...newUser(), userId: user.userId, userName: 'Renamed', displayName: null };
    const second = await register(renamed);
    expect(second.user).toMatchObject({ userName: user.userName, credentialCount: 2 });
    const started = await start(renamed, { updateUserIfExists: true });
    expect(started.data.creationOptions.user).toEqual({ id: user.userId, name: 'Renamed', displayName: '' });
    expect(started.data.creationOptions.excludeCredentials).toHaveLength(2);
    expect(started.data.user).toMatchObject({ userName: 'Renamed', displayName: null });
    expect((await call('getUser', { userId: user.userId })).data.user.userName).toBe('Renamed');
  });

  it('finds a user of the native routes by the user handle', async () => {
    const { answer } = await rp.register({ userId: 'native' });
    const { user } = await register({ userId: answer.user.userHandle ?? '' }, { createUserIfNotExists: false });
    expect(user).toMatchObject({ userName: 'native', credentialCount: 2 });
  });

  it('passes the options on, with the timeout in milliseconds', async () => {
    const { userId } = await registerUser();
    const { data } = await start(
      { userId, userName: null },
      { credentialName: null },
      {
        timeout: 45_000,
        hints: ['security-key'],
        attestation: 'direct',
        authenticatorSelection: {
          authenticatorAttachment: 'cross-platform',
          requireResidentKey: true,
          residentKey: null,
          userVerification: 'required',
        },
        extensions: { prf: { eval: { first: 'AAAA' } } },
      },
    );
    expect(data.creationOptions).toMatchObject({
      timeout: 45_000,
      hints: ['security-key'],
      attestation: 'direct',
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      extensions: { prf: { eval: { first: 'AAAA' } }, credProps: true },
    });
    const { data: short } = await start({ userId }, {}, { timeout: 1 });
    const { data: long } = await start({ userId }, {}, { timeout: 10_000_000 });
    expect([short.creationOptions.timeout, long.creationOptions.timeout]).toEqual([30_000, 600_000]);
  });

  it('takes the response as a text, with further members and without those that browsers may leave out', async () => {
    const started = await start(newUser(), { createUserIfNotExists: true });
    const { response } = create(started);
    const { id, rawId, type, response: inner } = response;
    const sent = { id, rawId, type, response: { ...inner, publicKey: 'x', transports: null }, more: { a: [1] } };
    const { data } = await finish(started, JSON.stringify(sent), { transports: '["internal","hybrid"]' });
    expect(data.credential).toMatchObject({ transportsInternal: true, transportsHybrid: true, transportsUsb: false });
  });

  it.each([
    ['Blue $modelName $$5', 'Blue  $5'],
    [{ name: 'No model', nameIfModelNameExists: 'Is $modelName' }, 'No model'],
    [{ name: '$modelName$authenticatorId' }, 'Passkey'],
    ['$$modelName', '$modelName'],
  ])('names a credential of an unknown authenticator by %j', async (credentialName, name) => {
    const { credential } = await register(newUser(), { credentialName, credentialAttributes: '{"b":2}' });
    expect(credential).toMatchObject({ credentialName: name, credentialAttributes: { b: 2 } });
  });

  it('names a credential of a known authenticator', async () => {
    // The AAGUID of iCloud Keychain.
    const aaguid = Buffer.from('fbfc3007154e4ecc8c0b6e020557d7bd', 'hex');
    const started = await start(newUser(), { createUserIfNotExists: true, credentialName: 'Not this one' });
    const { response } = create(started, { aaguid });
    const credentialName = { name: 'No', nameIfModelNameExists: '$modelName!', nameIfEnterpriseAttestationExists: 'E' };
    const body = { createResponse: { attestationResponse: response }, options: { credentialName } };
    const { data } = await call('registerCredential/finish', body, started.cookie);
    expect(data.credential).toMatchObject({
      credentialName: `${data.credential.aaguidModelName ?? '?'}!`,
      aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd',
    });
  });

  it('keeps large attributes in an item with a TTL until the end', async () => {
    const text = randomBytes(700).toString('base64');
    const user = newUser({ userAttributes: { text } });
    const options = { createUserIfNotExists: true, credentialAttributes: { text } };
    const pending = async () =>
      (await service.dump()).filter(({ sk }) => String(sk).startsWith('PENDING-REGISTRATION#'));
    const started = await start(user, options);
    expect(started.cookie?.length).toBeLessThan(1_000);
    expect(await pending()).toMatchObject([{ ttl: expect.any(Number) as number }]);
    const { response } = create(started);
    await finish(started, response, {}, 'verify');
    const { data } = await finish(started, response);
    expect(data.user.userAttributes).toEqual({ text });
    expect(data.credential.credentialAttributes).toEqual({ text });
    expect(await pending()).toEqual([]);
    expect(await finish(started, response)).toMatchObject({ errorCode: 'INVALID_SESSION' });
  });

  it('accepts a ceremony once', async () => {
    const started = await start(newUser(), { createUserIfNotExists: true });
    const { response } = create(started);
    const answers = await Promise.all(Array.from({ length: 8 }, () => finish(started, response)));
    expect(answers.filter(({ appStatus }) => appStatus === 'OK')).toHaveLength(1);
    expect(new Set(answers.map(({ appStatus, errorCode }) => `${appStatus} ${errorCode}`))).toEqual(
      new Set(['OK undefined', 'AUTHENTICATION_FAILED INVALID_SESSION']),
    );
  });

  it.each([
    [{}, 'PARAMETER_ERROR', undefined],
    [{ user: { userId: '!!!' } }, 'PARAMETER_ERROR', undefined],
    [{ user: { userId: '' } }, 'PARAMETER_ERROR', undefined],
    [{ user: { userId: fssUserIdOf(99) } }, 'NOT_FOUND', 'USER_NOT_FOUND'],
    [
      { user: { userId: fssUserIdOf(99) }, options: { createUserIfNotExists: true } },
      'PARAMETER_ERROR',
      'REQUIRE_USER_NAME',
    ],
    [
      {
        user: { userId: fssUserIdOf(99), userName: 'Alice', disabled: true },
        options: { createUserIfNotExists: true },
      },
      'PARAMETER_ERROR',
      undefined,
    ],
    [{ user: { userId: fssUserIdOf(99) }, creationOptionsBase: { timeout: 'x' } }, 'PARAMETER_ERROR', undefined],
    [
      {
        user: newUser(),
        options: { createUserIfNotExists: true },
        creationOptionsBase: { extensions: { appid: 'x' } },
      },
      'PARAMETER_ERROR',
      undefined,
    ],
    [{ user: { userId: fssUserIdOf(99) }, options: { credentialName: '' } }, 'PARAMETER_ERROR', undefined],
    [{ user: { userId: fssUserIdOf(99) }, options: { credentialAttributes: '[]' } }, 'PARAMETER_ERROR', undefined],
  ])('refuses to begin with %j', async (body, appStatus, errorCode) => {
    expect(await call('registerCredential/start', body)).toMatchObject({ appStatus, errorCode });
  });

  it('refuses to begin for a disabled user, at the maximum of credentials, and beyond the license', async () => {
    const { userId } = await registerUser({ disabled: true });
    const options = { createUserIfNotExists: true, updateUserIfExists: true };
    expect(await start({ ...newUser(), userId }, options)).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'USER_IS_DISABLED',
    });
    const { user } = await register();
    for (let count = 1; count < 20; count += 1) await register({ userId: user.userId });
    expect(await start({ userId: user.userId })).toMatchObject({ appStatus: 'INSERT_ERROR' });
    const free = await newTestRp(service, { isFree: true });
    await service.registerUsers(
      free.apiKey,
      Array.from({ length: 100 }, (_, index) => `user-${index}`),
    );
    expect(await start(newUser(), options, {}, free)).toMatchObject({
      appStatus: 'LICENSE_ERROR',
      errorCode: 'LICENSE_LIMIT_EXCEEDED',
    });
  });

  it('refuses to begin for an RP whose domain is not verified', async () => {
    const strict = await startTestService({ verifiesDomains: true });
    try {
      const unverified = await newTestRp(strict);
      const body = { creationOptionsBase: {}, user: newUser(), options: { createUserIfNotExists: true } };
      const answer = await performFss(strict, unverified, 'registerCredential/start', body);
      expect(answer).toMatchObject({ appStatus: 'PERMISSION_ERROR' });
    } finally {
      await strict.stop();
    }
  });

  describe.each(['verify', 'finish'])('/%s', (name) => {
    const end = async (deviations: Parameters<typeof createPasskey>[2], base: object = {}) => {
      const started = await start(newUser(), { createUserIfNotExists: true }, base);
      return finish(started, create(started, deviations).response, {}, name);
    };

    it.each([
      [{ origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
      [{ rpId: 'evil.example' }, 'RP_ID_HASH_MISMATCH'],
      [{ challenge: 'AAAA' }, 'INVALID_SESSION'],
      [{ type: 'webauthn.get' }, 'BAD_REQUEST_TYPE'],
      [{ isUserPresent: false }, undefined],
    ])('refuses a response with %j with AUTHENTICATION_FAILED', async (deviations, errorCode) => {
      expect(await end(deviations)).toMatchObject({ appStatus: 'AUTHENTICATION_FAILED', errorCode });
    });

    it('refuses a response without user verification if the options require it', async () => {
      const base = { authenticatorSelection: { userVerification: 'required' } };
      expect(await end({ isUserVerified: false }, base)).toMatchObject({
        appStatus: 'AUTHENTICATION_FAILED',
        errorCode: 'REQUIRE_USER_VERIFICATION',
      });
    });

    it('refuses a credential that is registered already', async () => {
      const { passkey } = await register();
      expect(await end({ credentialId: passkey.credentialId })).toMatchObject({
        appStatus: 'ALREADY_EXISTS',
        errorCode: 'CREDENTIAL_ALREADY_REGISTERED',
      });
    });

    it('refuses a body that is not a response with PARAMETER_ERROR', async () => {
      const started = await start(newUser(), { createUserIfNotExists: true });
      const { response } = create(started);
      for (const [sent, errorCode] of [
        ['text', 'REQUIRE_CREDENTIAL_ID'],
        [null, 'REQUIRE_CREDENTIAL_ID'],
        [{ ...response, id: undefined, rawId: undefined }, 'REQUIRE_CREDENTIAL_ID'],
        [{ ...response, rawId: 'AAAA' }, 'CREDENTIAL_ID_MISMATCH'],
        [{ ...response, type: 'password' }, 'BAD_CREDENTIAL_TYPE'],
        [{ ...response, response: {} }, 'CLIENT_DATA_JSON_PARSE_FAILED'],
      ] as const) {
        expect(await finish(started, sent, {}, name)).toMatchObject({ appStatus: 'PARAMETER_ERROR', errorCode });
      }
      expect(await call(`registerCredential/${name}`, {}, started.cookie)).toMatchObject({
        appStatus: 'PARAMETER_ERROR',
      });
      const other = { ...response, response: { ...response.response, clientDataJSON: 'AAAA' } };
      expect(await finish(started, other, {}, name)).toMatchObject({
        appStatus: 'AUTHENTICATION_FAILED',
        errorCode: 'CLIENT_DATA_JSON_PARSE_FAILED',
      });
    });

    it('refuses a missing, a wrong and an old cookie with INVALID_SESSION', async () => {
      const started = await start(newUser(), { createUserIfNotExists: true });
      const { response } = create(started);
      const signIn = await startSignIn();
      const invalid = { appStatus: 'AUTHENTICATION_FAILED', errorCode: 'INVALID_SESSION' };
      for (const cookie of [undefined, '', 'text', '=', `${started.cookie}A`, 'x'.repeat(9_000), signIn.cookie]) {
        expect(await finish({ ...started, cookie }, response, {}, name)).toMatchObject(invalid);
      }
      const other = await newTestRp(service, { rpId: `${name}.example.com`, owner: rp.owner });
      const body = { createResponse: { attestationResponse: response } };
      expect(await call(`registerCredential/${name}`, body, started.cookie, other)).toMatchObject(invalid);
      await service.pass(7 * 60_000);
      expect(await finish(started, response, {}, name)).toMatchObject(invalid);
    });
  });

  it('lets the first of two ceremonies for one new user win', async () => {
    const user = newUser();
    const [first, second] = [
      await start(user, { createUserIfNotExists: true }),
      await start(user, { createUserIfNotExists: true }),
    ];
    expect(await finish(first, create(first).response)).toMatchObject({ appStatus: 'OK' });
    expect(await finish(second, create(second).response)).toMatchObject({ appStatus: 'ALREADY_EXISTS' });
  });

  it('refuses the end if the user was disabled or removed since the beginning', async () => {
    for (const [change, errorCode] of [
      [(userId: string) => call('updateUser', { user: { userId, disabled: true } }), 'USER_IS_DISABLED'],
      [(userId: string) => call('deleteUser', { userId }), 'USER_NOT_FOUND'],
    ] as const) {
      const { userId } = await registerUser();
      const started = await start({ userId });
      const { response } = create(started);
      await change(userId);
      expect(await finish(started, response)).toMatchObject({ appStatus: 'NOT_FOUND', errorCode });
    }
  });
});

describe('authenticate', () => {
  it('signs in a user by ID', async () => {
    const { passkey, user, credential } = await register();
    const started = await startSignIn(user.userId, { timeout: 60_000, userVerification: 'required' });
    expect(started.data.requestOptions).toMatchObject({
      rpId: rp.rpId,
      timeout: 60_000,
      userVerification: 'required',
      allowCredentials: [{ type: 'public-key', id: credential.credentialId }],
    });
    expect(started.data.user).toMatchObject({ userId: user.userId, userName: user.userName, credentialCount: 1 });
    const { data, cookie } = await finishSignIn(started, use(started, passkey));
    expect(cookie).toBeNull();
    expect(data).toEqual({
      user,
      credential: {
        ...credential,
        lastAuthenticated: expect.stringMatching(/Z$/) as string,
        lastSignCounter: expect.any(Number) as number,
      },
      signalAllAcceptedCredentialsOptions: {
        rpId: rp.rpId,
        userId: user.userId,
        allAcceptedCredentialIds: [credential.credentialId],
      },
      signalCurrentUserDetailsOptions: {
        rpId: rp.rpId,
        userId: user.userId,
        name: user.userName,
        displayName: user.displayName,
      },
    });
  });

  it('signs in without an ID, and with the response as a text', async () => {
    const { passkey, user } = await register();
    const started = await startSignIn(undefined, { extensions: { uvm: true } });
    expect(started.data.user).toBeNull();
    expect(started.data.requestOptions).not.toHaveProperty('allowCredentials');
    expect(started.data.requestOptions).toMatchObject({ extensions: { uvm: true } });
    const { data } = await finishSignIn(started, JSON.stringify(use(started, passkey)));
    expect(data.user.userId).toBe(user.userId);
    const unknown = await finishSignIn(started, use(started, passkey, { userHandle: null }));
    expect(unknown).toMatchObject({
      appStatus: 'AUTHENTICATION_FAILED',
      errorCode: 'REQUIRE_USER_ID_OR_USER_HANDLE',
    });
  });

  it('counts the user as an active user of the month, once', async () => {
    const { passkey } = await register();
    // The registration counted the user in the write that stored the credential.
    expect((await rp.signIn(passkey)).operation.status).toBe('already-counted');
    const { passkey: imported, answer } = await rp.register({ userId: 'counted' });
    await service.setClock('2027-01-15T00:00:00Z');
    const started = await startSignIn(answer.user.userHandle ?? '');
    expect(await finishSignIn(started, use(started, imported))).toMatchObject({ appStatus: 'OK' });
    expect((await rp.signIn(imported)).operation).toEqual({ month: '2027-01', status: 'already-counted' });
  });

  it('accepts a ceremony of a credential once', async () => {
    const { passkey, user } = await register();
    const started = await startSignIn(user.userId);
    const response = use(started, passkey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => finishSignIn(started, response)));
    expect(answers.filter(({ appStatus }) => appStatus === 'OK')).toHaveLength(1);
    expect(new Set(answers.map(({ appStatus, errorCode }) => `${appStatus} ${errorCode}`))).toEqual(
      new Set(['OK undefined', 'AUTHENTICATION_FAILED INVALID_SESSION']),
    );
  });

  it('refuses to begin for nobody, a disabled user and a user without a credential', async () => {
    for (const userId of ['hoge', '!!!', fssUserIdOf(98)]) {
      expect(await startSignIn(userId)).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'USER_NOT_FOUND' });
    }
    expect(await startSignIn('')).toMatchObject({
      appStatus: 'PARAMETER_ERROR',
      errorCode: 'REQUIRE_USER_ID_OR_USER_HANDLE',
    });
    expect(await startSignIn(undefined, { userVerification: 'yes' })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
    const { userId } = await registerUser();
    expect(await startSignIn(userId)).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'CREDENTIAL_NOT_FOUND' });
    await call('updateUser', { user: { userId, disabled: true } });
    expect(await startSignIn(userId)).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'USER_IS_DISABLED' });
  });

  it.each([
    [{ origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
    [{ rpId: 'evil.example' }, 'RP_ID_HASH_MISMATCH'],
    [{ challenge: 'AAAA' }, 'INVALID_SESSION'],
    [{ type: 'webauthn.create' }, 'BAD_REQUEST_TYPE'],
    [{ userHandle: fssUserIdOf(97) }, 'USER_HANDLE_NOT_MATCH'],
  ])('refuses a response with %j with AUTHENTICATION_FAILED', async (deviations, errorCode) => {
    const { passkey, user } = await register();
    const started = await startSignIn(user.userId);
    expect(await finishSignIn(started, use(started, passkey, deviations))).toMatchObject({
      appStatus: 'AUTHENTICATION_FAILED',
      errorCode,
    });
  });

  it('refuses a wrong signature, another credential and one that is disabled or removed', async () => {
    const [alice, bob] = [await register(), await register()];
    const started = await startSignIn(alice.user.userId);
    const response = use(started, alice.passkey);
    const { signature } = use(started, bob.passkey).response;
    const forged = { ...response, response: { ...response.response, signature } };
    expect(await finishSignIn(started, forged)).toMatchObject({ appStatus: 'AUTHENTICATION_FAILED' });
    const other = use(started, bob.passkey, { userHandle: null });
    expect(await finishSignIn(started, other)).toMatchObject({
      appStatus: 'AUTHENTICATION_FAILED',
      errorCode: 'CREDENTIAL_ID_MISMATCH',
    });
    const { userId } = alice.user;
    const { credentialId } = alice.credential;
    await call('updateCredential', { credential: { userId, credentialId, disabled: true } });
    expect(await finishSignIn(started, response)).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'CREDENTIAL_IS_DISABLED',
    });
    await call('deleteCredential', { userId, credentialId });
    expect(await finishSignIn(started, response)).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'CREDENTIAL_NOT_FOUND',
    });
  });

  it('refuses a body that is not a response, and a missing cookie', async () => {
    const { passkey, user } = await register();
    const started = await startSignIn(user.userId);
    const response = use(started, passkey);
    expect(await finishSignIn(started, { ...response, id: undefined, rawId: undefined })).toMatchObject({
      appStatus: 'PARAMETER_ERROR',
      errorCode: 'REQUIRE_CREDENTIAL_ID',
    });
    expect(await call('authenticate/finish', {}, started.cookie)).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
    expect(await finishSignIn({ ...started, cookie: undefined }, response)).toMatchObject({
      appStatus: 'AUTHENTICATION_FAILED',
      errorCode: 'INVALID_SESSION',
    });
  });
});
