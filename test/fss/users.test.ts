import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { performFss, fssUserIdOf } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
/** An RP that requires unique user names. */
let unique: TestRp;
let users = 0;

beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
  unique = await newTestRp(service, { rpId: 'unique.example.com', owner: rp.owner });
  const read = await service.send(`GET /v1/rps/${unique.rpRef}`, { as: rp.owner.session });
  const edited = await service.send(`PATCH /v1/rps/${unique.rpRef}`, {
    as: rp.owner.session,
    headers: { 'if-match': read.headers.get('etag') ?? '' },
    body: { settings: { uniqueUserNames: true } },
  });
  if (edited.status !== 200) throw new Error(edited.text);
  await service.pass(11_000);
});
afterAll(() => service.stop());

const call = (name: string, body: unknown, at = rp) => performFss(service, at, name, body);
const newUser = (changes: object = {}) => {
  const userId = fssUserIdOf((users += 1));
  return {
    userId,
    userName: `user-${users}@example.com`,
    displayName: `User ${users}`,
    userAttributes: { plan: 'gold' },
    disabled: false,
    ...changes,
  };
};
/** Registers a user and returns what the service answered. */
async function register(changes: object = {}, at = rp) {
  const user = newUser(changes);
  const { appStatus, data, message } = await call('registerUser', { user }, at);
  if (appStatus !== 'OK') throw new Error(message);
  return data.user;
}

/** Bodies whose `userAttributes` are no object. */
const NO_OBJECTS = ['"text"', '333', '["a"]', '{,,,}', '', ['a'], 5, true];

describe('registerUser', () => {
  it('registers a user and returns every field', async () => {
    const user = newUser();
    const { data } = await call('registerUser', { user });
    expect(data).toEqual({
      user: {
        ...user,
        rpId: rp.rpId,
        registered: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        updated: data.user.registered,
        enabledCredentialCount: 0,
        credentialCount: 0,
      },
    });
    const native = await service.send(`GET /v1/rp/users/${user.userId}`, { as: rp.apiKey });
    expect(native.body).toMatchObject({ userId: user.userId, userHandle: user.userId });
  });

  it('takes attributes as a JSON text, and null also as text', async () => {
    expect((await register({ userAttributes: '{"a":1}' })).userAttributes).toEqual({ a: 1 });
    expect((await register({ userAttributes: 'null' })).userAttributes).toBeNull();
    expect((await register({ userAttributes: null, displayName: null })).displayName).toBeNull();
    expect((await register({ userAttributes: undefined, disabled: null })).userAttributes).toBeNull();
  });

  it.each([
    ...['', '!!!', 'YR', 'YQ==', fssUserIdOf(1, 65), '1'.repeat(129), 5, null].map((userId) => ({ userId })),
    ...['', ' ', 'x'.repeat(201), null].map((userName) => ({ userName })),
    ...NO_OBJECTS.map((userAttributes) => ({ userAttributes })),
    { userAttributes: { text: 'x'.repeat(3_000) } },
    { displayName: '' },
    { disabled: 'no' },
  ])('refuses %j with PARAMETER_ERROR', async (changes) => {
    const { appStatus, message } = await call('registerUser', { user: newUser(changes) });
    expect({ appStatus, message }).toEqual({
      appStatus: 'PARAMETER_ERROR',
      message: expect.stringContaining(`user.${Object.keys(changes)[0]}: Must`) as string,
    });
  });

  it.each([undefined, null, [], 'text', {}, { user: null }])('refuses the body %j', async (body) => {
    expect(await call('registerUser', body ?? null)).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });

  it('says REQUIRE_USER_NAME if the name is missing', async () => {
    const answer = await call('registerUser', { user: newUser({ userName: undefined }) });
    expect(answer).toMatchObject({ appStatus: 'PARAMETER_ERROR', errorCode: 'REQUIRE_USER_NAME' });
  });

  it('refuses an ID that exists, also as the handle of a user of a native route', async () => {
    const { userId } = await register();
    expect(await call('registerUser', { user: newUser({ userId }) })).toMatchObject({ appStatus: 'ALREADY_EXISTS' });
    const userHandle = fssUserIdOf(200);
    await rp.register({ userId: 'native', user: { userHandle } });
    const again = await call('registerUser', { user: newUser({ userId: userHandle }) });
    expect(again).toMatchObject({ appStatus: 'ALREADY_EXISTS' });
  });

  it('registers one of 10 users with the same ID at once', async () => {
    const user = newUser();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('registerUser', { user })));
    expect(answers.map(({ appStatus }) => appStatus).sort()).toEqual([
      ...Array.from({ length: 9 }, () => 'ALREADY_EXISTS'),
      'OK',
    ]);
  });

  it('refuses a name that is taken where names are unique with DUPLICATED', async () => {
    const { userName } = await register({}, unique);
    const answer = await call('registerUser', { user: newUser({ userName: userName.toUpperCase() }) }, unique);
    expect(answer).toMatchObject({ appStatus: 'DUPLICATED' });
  });

  it('allows no more users than the license with LICENSE_ERROR', async () => {
    const free = await newTestRp(service, { isFree: true });
    await service.registerUsers(
      free.apiKey,
      Array.from({ length: 99 }, (_, index) => `user-${index}`),
    );
    await register({}, free);
    const answer = await call('registerUser', { user: newUser() }, free);
    expect(answer).toMatchObject({ appStatus: 'LICENSE_ERROR', errorCode: 'LICENSE_LIMIT_EXCEEDED' });
  });
});

describe('getUser', () => {
  it('returns a user, the credentials and the signal', async () => {
    const user = await register();
    const { data } = await call('getUser', { userId: user.userId });
    expect(data).toEqual({
      user,
      credentials: [],
      signalCurrentUserDetailsOptions: {
        rpId: rp.rpId,
        userId: user.userId,
        name: user.userName,
        displayName: user.displayName,
      },
    });
  });

  it('finds a user of the native routes by the user handle', async () => {
    const { answer } = await rp.register({ userId: 'by-handle' });
    const { data } = await call('getUser', { userId: answer.user.userHandle });
    expect(data.user).toMatchObject({ userId: answer.user.userHandle, userName: 'by-handle', credentialCount: 1 });
    expect(data.credentials).toMatchObject([{ credentialId: answer.credential.id, userId: answer.user.userHandle }]);
    expect(await call('getUser', { userId: 'by-handle' })).toMatchObject({ appStatus: 'NOT_FOUND' });
  });

  it('shows a disabled user only if asked to', async () => {
    const { userId } = await register({ disabled: true });
    expect(await call('getUser', { userId })).toMatchObject({
      appStatus: 'NOT_FOUND',
      errorCode: 'USER_IS_DISABLED',
    });
    const { data } = await call('getUser', { userId, withDisabledUser: true });
    expect(data.user).toMatchObject({ userId, disabled: true });
  });

  it.each(['hoge', '!!!', 'x'.repeat(200), fssUserIdOf(222)])('answers NOT_FOUND for %s', async (userId) => {
    expect(await call('getUser', { userId })).toMatchObject({ appStatus: 'NOT_FOUND', errorCode: 'USER_NOT_FOUND' });
  });

  it.each(['', null, 5])('refuses the ID %j with PARAMETER_ERROR', async (userId) => {
    expect(await call('getUser', { userId })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });

  it('does not see the users of another RP', async () => {
    const { userId } = await register();
    expect(await call('getUser', { userId }, unique)).toMatchObject({ appStatus: 'NOT_FOUND' });
  });
});

describe('getAllUsers and getUsersByUserName', () => {
  it('return all users, and disabled ones if asked to', async () => {
    const own = await newTestRp(service, { rpId: 'all.example.com', owner: rp.owner });
    const [alice, bob] = [await register({}, own), await register({ disabled: true }, own)];
    await rp.register({ userId: 'elsewhere' });
    expect((await call('getAllUsers', {}, own)).data).toEqual({ users: [alice] });
    const all = await call('getAllUsers', { withDisabledUser: true }, own);
    expect(all.data.users).toEqual(expect.arrayContaining([alice, bob]));
    expect(all.data.users).toHaveLength(2);
    expect((await call('getUsersByUserName', { userName: alice.userName }, own)).data).toEqual({ users: [alice] });
    expect(await call('getUsersByUserName', { userName: bob.userName }, own)).toMatchObject({ appStatus: 'NOT_FOUND' });
    const found = await call('getUsersByUserName', { userName: bob.userName, withDisabledUser: true }, own);
    expect(found.data).toEqual({ users: [bob] });
  });

  it.each(['nobody', 'x'.repeat(300), ' '])('answer NOT_FOUND for the name %j', async (userName) => {
    expect(await call('getUsersByUserName', { userName })).toMatchObject({ appStatus: 'NOT_FOUND' });
  });

  it('refuse an empty name and a wrong switch with PARAMETER_ERROR', async () => {
    expect(await call('getUsersByUserName', { userName: '' })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
    expect(await call('getAllUsers', { withDisabledUser: 1 })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });
});

describe('updateUser', () => {
  it('changes fields, leaves out those that are missing, and moves `updated` every time', async () => {
    const user = await register();
    const { userId } = user;
    const first = await call('updateUser', { user: { userId, userName: 'renamed', displayName: null } });
    expect(first.data).toEqual({
      user: { ...user, userName: 'renamed', displayName: null, updated: expect.any(String) as string },
      signalCurrentUserDetailsOptions: { rpId: rp.rpId, userId, name: 'renamed', displayName: '' },
    });
    const second = await call('updateUser', { user: { ...user, userAttributes: '{"b":2}' }, options: {} });
    expect(second.data.user).toEqual({ ...user, userAttributes: { b: 2 }, updated: expect.any(String) as string });
    const times = [user.updated, first.data.user.updated, second.data.user.updated].map((time) => Date.parse(time));
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBe(3);
  });

  it('disables and enables a user', async () => {
    const { userId } = await register();
    expect((await call('updateUser', { user: { userId, disabled: true } })).data.user.disabled).toBe(true);
    expect((await call('updateUser', { user: { userId, disabled: false } })).data.user.disabled).toBe(false);
  });

  it('checks `updated` if asked to', async () => {
    const user = await register();
    const stale = { ...user, updated: '2026-01-01T00:00:00.000Z' };
    const options = { withUpdatedCheck: true };
    expect(await call('updateUser', { user: stale, options })).toMatchObject({ appStatus: 'UPDATE_ERROR' });
    expect(await call('updateUser', { user: stale })).toMatchObject({ appStatus: 'OK' });
    const changes = Array.from({ length: 5 }, (_, index) =>
      call('updateUser', { user: { ...user, userName: `name ${index}` }, options }),
    );
    const outcomes = (await Promise.all(changes)).map(({ appStatus }) => appStatus);
    expect(outcomes.filter((outcome) => outcome === 'OK')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['OK', 'UPDATE_ERROR']));
    const without = await call('updateUser', { user: { ...user, updated: undefined }, options });
    expect(without).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });

  it.each([
    { userId: '' },
    ...NO_OBJECTS.map((userAttributes) => ({ userAttributes })),
    { userName: '' },
    { updated: 'yesterday' },
  ])('refuses %j with PARAMETER_ERROR', async (changes) => {
    const user = { userId: fssUserIdOf(7), ...changes };
    expect(await call('updateUser', { user })).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });

  it.each(['!!!', fssUserIdOf(1, 65), '1'.repeat(129)])('answers NOT_FOUND for the user ID %s', async (userId) => {
    expect(await call('updateUser', { user: { userId, userName: 'Alice' } })).toMatchObject({ appStatus: 'NOT_FOUND' });
  });

  it('answers NOT_FOUND for an unknown user', async () => {
    expect(await call('updateUser', { user: newUser() })).toMatchObject({ appStatus: 'NOT_FOUND' });
  });

  it('refuses a name that is taken where names are unique with DUPLICATED', async () => {
    const [{ userName }, { userId }] = [await register({}, unique), await register({}, unique)];
    expect(await call('updateUser', { user: { userId, userName } }, unique)).toMatchObject({ appStatus: 'DUPLICATED' });
  });
});

describe('deleteUser', () => {
  it('removes a user and returns what it removed, and the ID can be registered again', async () => {
    const user = await register({ disabled: true });
    const { userId } = user;
    expect((await call('deleteUser', { userId })).data).toEqual({
      user,
      credentials: [],
      signalAllAcceptedCredentialsOptions: { rpId: rp.rpId, userId, allAcceptedCredentialIds: [] },
    });
    expect(await call('getUser', { userId, withDisabledUser: true })).toMatchObject({ appStatus: 'NOT_FOUND' });
    expect(await call('deleteUser', { userId })).toMatchObject({ appStatus: 'NOT_FOUND' });
    expect((await register({ userId })).userId).toBe(userId);
  });

  it('lets the ID of a user who has signed in be registered again', async () => {
    const userId = fssUserIdOf(230);
    const { answer } = await rp.register({ userId: 'removed', user: { userHandle: userId } });
    const removed = await call('deleteUser', { userId });
    expect(removed.data.credentials).toMatchObject([{ credentialId: answer.credential.id }]);
    expect(await register({ userId, disabled: true })).toMatchObject({ credentialCount: 0, disabled: true });
    expect((await call('updateUser', { user: { userId, disabled: false } })).data.user.disabled).toBe(false);
  });

  it('refuses a missing ID with PARAMETER_ERROR', async () => {
    expect(await call('deleteUser', {})).toMatchObject({ appStatus: 'PARAMETER_ERROR' });
  });
});
