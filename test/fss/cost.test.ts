import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPasskey, usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { newFssKey, type TestFssKey } from '../support/fss-client.ts';
import { fssUserIdOf, performFssWith, type FssOutcome } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { measure } from '../support/table-faults.ts';

let service: TestService;
let rp: TestRp;
let key: TestFssKey;
let signing: TestFssKey;
let used: ReturnType<typeof measure>;

beforeAll(async () => {
  service = await startTestService({
    onTableOpen: (name, table) => {
      if (name === 'fss') used = measure(table);
    },
  });
  rp = await newTestRp(service);
  const at = { id: rp.rpRef, rpId: rp.rpId };
  key = await newFssKey(service, rp.owner.session, at, 'access-key');
  signing = await newFssKey(service, rp.owner.session, at, 'date-signature');
});
afterAll(() => service.stop());

/** The read and write units of each call, as `read/write`. */
const units: Record<string, string> = {};
/** Makes a call of which the process has checked the API key just before. Records the units that the call takes. */
async function call(name: string, body: unknown, cookie?: string | null, as = name): Promise<FssOutcome> {
  await performFssWith(service, key, 'noSuchCall', {});
  const { read, write } = { ...used };
  const outcome = await performFssWith(service, key, name, body, cookie);
  if (outcome.appStatus !== 'OK') throw new Error(`${name}: ${outcome.message}`);
  units[as] = `${used.read - read}/${used.write - write}`;
  return outcome;
}

it('calls take the read and write units that docs/cost.md states', async () => {
  const user = { userId: fssUserIdOf(1), userName: 'ann@example.com', displayName: 'Ann' };
  await call('registerUser', { user });
  const passkey = await register({ userId: user.userId }, false);
  await register({ ...user, userId: fssUserIdOf(2), userName: 'bob@example.com' }, true);
  await call('getUser', { userId: user.userId });
  await call('getUsersByUserName', { userName: user.userName });
  await call('getAllUsers', {});
  await call('updateUser', { user: { userId: user.userId, displayName: 'Anna' } });
  const credential = { userId: user.userId, credentialId: passkey.credentialId.toString('base64url') };
  await call('getCredential', credential);
  await call('updateCredential', { credential: { ...credential, credentialName: 'Phone', disabled: false } });
  await signIn(passkey);
  await signIn(passkey, user.userId);
  await call('deleteCredential', credential);
  await call('deleteUser', { userId: user.userId });

  expect(units).toEqual({
    'authenticate/start': '0/0',
    'authenticate/start of a user': '5/0',
    'authenticate/finish': '2.5/1',
    'authenticate/finish of a user': '2.5/1',
    'registerCredential/start': '5/0',
    'registerCredential/start of a new user': '3.5/0',
    'registerCredential/verify': '5/0',
    'registerCredential/finish': '3/10',
    'registerCredential/finish of a new user': '3.5/18',
    getUser: '4/0',
    getUsersByUserName: '4.5/0',
    getAllUsers: '2/0',
    getCredential: '8/0',
    registerUser: '3/10',
    updateUser: '4/2',
    updateCredential: '16/4',
    deleteUser: '4.5/12',
    deleteCredential: '12/10',
  });
});

it('a signed call takes one write unit more', async () => {
  const sign = () => performFssWith(service, signing, 'noSuchCall', {});
  await sign();
  const { read, write } = { ...used };
  await sign();
  expect([used.read - read, used.write - write]).toEqual([0, 1]);
});

async function register(user: object, createUserIfNotExists: boolean): Promise<SoftPasskey> {
  const as = createUserIfNotExists ? ' of a new user' : '';
  const body = { creationOptionsBase: {}, user, options: { createUserIfNotExists } };
  const started = await call('registerCredential/start', body, null, `registerCredential/start${as}`);
  const { passkey, response } = createPasskey(rp.origin, started.data.creationOptions);
  const end = { createResponse: { attestationResponse: response } };
  if (!createUserIfNotExists) await call('registerCredential/verify', end, started.cookie);
  await call('registerCredential/finish', end, started.cookie, `registerCredential/finish${as}`);
  return passkey;
}

async function signIn(passkey: SoftPasskey, userId?: string): Promise<void> {
  const as = userId === undefined ? '' : ' of a user';
  const started = await call('authenticate/start', { requestOptionsBase: {}, userId }, null, `authenticate/start${as}`);
  const response = usePasskey(rp.origin, passkey, started.data.requestOptions);
  const end = { requestResponse: { attestationResponse: response } };
  await call('authenticate/finish', end, started.cookie, `authenticate/finish${as}`);
}
