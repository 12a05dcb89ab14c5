import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { performFss } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
let users = 0;

beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

const call = (name: string, body: unknown) => performFss(service, rp, name, body);

/** Registers a user with a credential through the native routes. Returns the names of both in the FSS format. */
async function register(attestation: 'none' | 'direct' = 'none', userId = `user-${(users += 1)}`, createUser = true) {
  const { passkey, answer } = await rp.register({ userId, attestation, createUser });
  return { passkey, native: userId, userId: answer.user.userHandle ?? '', credentialId: answer.credential.id };
}

describe('getCredential', () => {
  it('returns every field of a credential whose attestation the RP requested', async () => {
    const { userId, credentialId, passkey } = await register('direct');
    await rp.signIn(passkey);
    const { data } = await call('getCredential', { userId, credentialId });
    expect(data.user).toMatchObject({ rpId: rp.rpId, userId, credentialCount: 1, enabledCredentialCount: 1 });
    const { credential } = data;
    expect(credential).toEqual({
      rpId: rp.rpId,
      userId,
      credentialId,
      credentialName: 'Passkey',
      credentialAttributes: null,
      format: 'none',
      userPresence: true,
      userVerification: true,
      backupEligibility: expect.any(Boolean) as boolean,
      backupState: expect.any(Boolean) as boolean,
      attestedCredentialData: true,
      extensionData: false,
      aaguid: null,
      aaguidModelName: null,
      publicKey: passkey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
      transportsRaw: expect.stringMatching(/^\[.*\]$/) as string,
      transportsBle: false,
      transportsHybrid: expect.any(Boolean) as boolean,
      transportsInternal: expect.any(Boolean) as boolean,
      transportsNfc: false,
      transportsUsb: false,
      discoverableCredential: null,
      enterpriseAttestation: false,
      vendorId: null,
      authenticatorId: null,
      attestationObject: expect.stringMatching(/^[\w-]{100,}$/) as string,
      authenticatorAttachment: expect.toSatisfy((value) => value === null || typeof value === 'string') as string,
      credentialType: 'public-key',
      clientDataJson: expect.stringContaining('webauthn.create') as string,
      clientDataJsonRaw: Buffer.from(credential.clientDataJson).toString('base64url'),
      lastAuthenticated: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      lastSignCounter: expect.any(Number) as number,
      disabled: false,
      registered: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      updated: credential.registered,
    });
  });

  it('has empty texts for a response that the service has not kept', async () => {
    const { userId, credentialId } = await register();
    const { data } = await call('getCredential', { userId, credentialId });
    expect(data.credential).toMatchObject({
      attestationObject: '',
      clientDataJson: '',
      clientDataJsonRaw: '',
      lastAuthenticated: null,
    });
  });

  it('shows disabled users and credentials only if asked to', async () => {
    const { native, userId, credentialId } = await register();
    await call('updateCredential', { credential: { userId, credentialId, disabled: true } });
    expect(await call('getCredential', { userId, credentialId })).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'CREDENTIAL_IS_DISABLED',
    });
    const shown = await call('getCredential', { userId, credentialId, withDisabledCredential: true });
    expect(shown.data.credential.disabled).toBe(true);
    const { data } = await call('getUser', { userId });
    expect(data).toMatchObject({ credentials: [], user: { credentialCount: 1, enabledCredentialCount: 0 } });
    const all = await call('getUser', { userId, withDisabledCredential: true });
    expect(all.data.credentials).toEqual([shown.data.credential]);

    await service.send(`PATCH /v1/rp/users/${native}`, { as: rp.apiKey, body: { disabled: true } });
    expect(await call('getCredential', { userId, credentialId, withDisabledCredential: true })).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'USER_IS_DISABLED',
    });
    const both = { withDisabledUser: true, withDisabledCredential: true };
    expect((await call('getCredential', { userId, credentialId, ...both })).data.user.disabled).toBe(true);
  });
});

describe.each(['getCredential', 'updateCredential', 'deleteCredential'])('%s', (name) => {
  const bodyOf = (body: object) => (name === 'updateCredential' ? { credential: body } : body);

  it('answers NOT_FOUND for an unknown user or credential, whatever its form', async () => {
    const { userId, credentialId } = await register();
    const other = await register();
    for (const wrong of [{ userId: 'hoge' }, { userId: '!!!' }, { credentialId: 'hoge' }, { credentialId: '!!!' }]) {
      expect(await call(name, bodyOf({ userId, credentialId, ...wrong }))).toMatchObject({ appStatus: 'NOT_FOUND' });
    }
    const ofOther = await call(name, bodyOf({ userId, credentialId: other.credentialId }));
    expect(ofOther).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'CREDENTIAL_NOT_FOUND' });
  });

  it('refuses a missing ID with PARAMETER_ERROR', async () => {
    expect(await call(name, bodyOf({ userId: 'hoge' }))).toMatchObject({
      appStatus: 'PARAMETER_ERROR',
      errorCode: 'REQUIRE_CREDENTIAL_ID',
    });
    expect(await call(name, bodyOf({ credentialId: 'hoge' }))).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
    expect(await call(name, {})).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });
});

describe('updateCredential', () => {
  it('changes fields, leaves out those that are missing, and moves `updated` every time', async () => {
    const { userId, credentialId } = await register();
    const { data: before } = await call('getCredential', { userId, credentialId });
    const credentialName = 'Costs $$5 on $modelName of $authenticator';
    const renamed = await call('updateCredential', { credential: { userId, credentialId, credentialName } });
    expect(renamed.data).toEqual({
      ...before,
      credential: { ...before.credential, credentialName, updated: expect.any(String) as string },
    });
    const named = { ...renamed.data.credential, credentialAttributes: '{"a":1}' };
    const changed = await call('updateCredential', { credential: named, options: { withUpdatedCheck: true } });
    expect(changed.data.credential).toMatchObject({ credentialName, credentialAttributes: { a: 1 } });
    const cleared = { userId, credentialId, credentialAttributes: 'null' };
    expect((await call('updateCredential', { credential: cleared })).data.credential.credentialAttributes).toBeNull();
    const times = [before, renamed.data, changed.data].map(({ credential }) => Date.parse(credential.updated));
    expect(new Set(times).size).toBe(3);
  });

  it('disables a credential at once, and enables it', async () => {
    const { passkey, native, userId, credentialId } = await register();
    const set = (disabled: boolean) => call('updateCredential', { credential: { userId, credentialId, disabled } });
    expect((await set(true)).data).toMatchObject({
      credential: { disabled: true },
      user: { enabledCredentialCount: 0 },
    });
    expect((await rp.beginAuthentication({ userId: native })).status).toBe(409);
    expect((await set(false)).data.credential.disabled).toBe(false);
    expect((await rp.signIn(passkey, { userId: native })).user.userId).toBe(native);
  });

  it('checks `updated` if asked to', async () => {
    const { userId, credentialId } = await register();
    const credential = { userId, credentialId, credentialName: 'New', updated: new Date(0).toISOString() };
    const options = { withUpdatedCheck: true };
    expect(await call('updateCredential', { credential, options })).toMatchObject({ appStatus: 'UPDATE_ERROR' });
    expect(await call('updateCredential', { credential })).toMatchObject({ appStatus: 'OK' });
  });

  it.each([
    { credentialName: '' },
    { credentialName: 'x'.repeat(201) },
    ...['"text"', '333', '["a"]', '{,,,}', 5].map((credentialAttributes) => ({ credentialAttributes })),
    { disabled: 'no' },
    { updated: 'never' },
  ])('refuses %j with PARAMETER_ERROR', async (changes) => {
    const credential = { userId: 'hoge', credentialId: 'hoge', ...changes };
    expect(await call('updateCredential', { credential })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });
});

describe('deleteCredential', () => {
  it('removes a credential, and returns it and the user without it', async () => {
    const { passkey, native, userId, credentialId } = await register('direct');
    const second = await register('none', native, false);
    const { data: before } = await call('getCredential', { userId, credentialId });
    const { data } = await call('deleteCredential', { userId, credentialId });
    expect(data).toEqual({
      credential: before.credential,
      user: { ...before.user, credentialCount: 1, enabledCredentialCount: 1 },
      signalUnknownCredentialOptions: { rpId: rp.rpId, credentialId },
    });
    expect(await call('deleteCredential', { userId, credentialId })).toMatchObject({ appStatus: 'NOT_FOUND' });
    const left = await call('getUser', { userId });
    expect(left.data.credentials).toMatchObject([{ credentialId: second.credentialId }]);
    const refused = await rp.end('authentications', await rp.use(passkey));
    expect(refused.status).toBe(404);
  });
});
