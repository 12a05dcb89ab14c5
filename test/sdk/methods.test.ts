import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFido2Client, type Fido2Client } from 'fido2-server-service-sdk';
import { routes } from '../../functions/api/routes.ts';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
let fido2: Fido2Client;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
  fido2 = createFido2Client({ apiKey: rp.apiKey, baseUrl: `${service.url}/`, rpId: rp.rpId });
});
afterAll(() => service.stop());

it('has a method for each route that needs an API key, named as the route', () => {
  const names = routes
    .filter(({ caller }) => caller === 'rp')
    .map(({ name }) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));

  expect(Object.keys(fido2).sort()).toEqual([...names, 'beginAuthentication'].sort());
});

it('registers a passkey, signs its user in, and manages the user and the credential', async () => {
  const begun = await fido2.requestRegistrationOptions({
    userId: 'carol',
    createUser: true,
    user: { userName: 'carol@example.com', displayName: 'Carol Chiba' },
  });
  const { passkey, response: created } = createPasskey(rp.origin, begun.options);
  const dryRun = await fido2.registerCredential({ ceremony: begun.ceremony, response: created, dryRun: true });
  expect(dryRun).toMatchObject({ dryRun: true, operation: null });
  const registered = await fido2.registerCredential({ ceremony: begun.ceremony, response: created });
  expect(registered).toMatchObject({
    user: { userId: 'carol' },
    operation: { month: '2026-11', status: 'counted' },
  });
  const of = { userId: 'carol', id: registered.credential.id };

  const { ceremony, options } = await fido2.requestAuthenticationOptions();
  const response = usePasskey(rp.origin, passkey, options);
  const ended = await fido2.authenticateUser({ ceremony, response, signals: true });
  expect(ended).toMatchObject({ user: { userId: 'carol' }, operation: { status: 'already-counted' } });
  expect(ended.signals.allAcceptedCredentials).toMatchObject({ allAcceptedCredentialIds: [of.id] });

  const { version } = await fido2.getUser({ userId: 'carol' });
  const edited = await fido2.editUser(
    { userId: 'carol', displayName: null, attributes: { plan: 'gold' } },
    { ifMatch: version },
  );
  expect(edited).toMatchObject({ displayName: null, attributes: { plan: 'gold' }, version: version + 1 });
  await expect(fido2.editUser({ userId: 'carol', displayName: 'Caro' }, { ifMatch: version })).rejects.toMatchObject({
    code: 'version-conflict',
  });

  expect(await fido2.listCredentials({ userId: 'carol' })).toMatchObject({ items: [{ id: of.id }] });
  expect(await fido2.getCredential(of)).toMatchObject({ id: of.id, disabled: false });
  expect(await fido2.editCredential({ ...of, name: 'Phone' })).toMatchObject({ id: of.id, name: 'Phone' });
  await fido2.removeCredential(of);
  await expect(fido2.getCredential(of)).rejects.toMatchObject({ code: 'credential-unknown' });
  await fido2.removeUser({ userId: 'carol' });
  await expect(fido2.getUser({ userId: 'carol' })).rejects.toMatchObject({ code: 'not-found' });
});

it('registers, finds and reports users without a passkey, whatever characters their IDs have', async () => {
  const users = [{ userId: 'dave+test@example.com', displayName: 'Dave' }, { userId: 'erin:1' }];
  expect(await fido2.registerUsers({ users })).toEqual({
    results: users.map(({ userId }) => ({ userId, status: 'registered' })),
  });

  expect(await fido2.getUser({ userId: 'dave+test@example.com' })).toMatchObject({ displayName: 'Dave' });
  const first = await fido2.listUsers({ limit: 1 });
  expect(first).toMatchObject({ items: [{ userId: 'dave+test@example.com' }] });
  const second = await fido2.listUsers({ limit: 1, ...(first.nextCursor !== null && { cursor: first.nextCursor }) });
  expect(second).toMatchObject({ items: [{ userId: 'erin:1' }] });
  const found = await fido2.listUsers({ userName: 'erin:1' });
  expect(found.items.map(({ userId }) => userId)).toEqual(['erin:1']);
  const reported = await fido2.reportOperations({ operations: [{ userId: 'erin:1', type: 'authentication' }] });
  expect(reported).toEqual({ results: [{ userId: 'erin:1', status: 'counted' }] });
});

it.each(['', '.', '..', undefined as unknown as string])('sends no request for the ID %j', async (id) => {
  const sent: string[] = [];
  const fetch = (url: string) => {
    sent.push(url);
    return Promise.reject(new Error('This request must not be sent.'));
  };
  const watched = createFido2Client({ apiKey: rp.apiKey, baseUrl: service.url, fetch, retries: 0 });
  const calls = [
    () => watched.getUser({ userId: id }),
    () => watched.editUser({ userId: id, disabled: true }),
    () => watched.removeUser({ userId: id }),
    () => watched.listCredentials({ userId: id }),
    () => watched.getCredential({ userId: 'alice', id }),
    () => watched.getCredential({ userId: id, id: 'export' }),
    () => watched.editCredential({ userId: 'alice', id, disabled: true }),
    () => watched.removeCredential({ userId: 'alice', id }),
  ];
  for (const call of calls) await expect(call).rejects.toThrow(TypeError);
  expect(sent).toEqual([]);
});

it('imports what it exports, and reads the RP', async () => {
  await rp.register({ userId: 'frank' });
  const exported = await fido2.exportCredentials({ limit: 100 });
  expect(exported.items.map(({ user }) => user.userId)).toContain('frank');
  const items = exported.items.filter(({ user }) => user.userId === 'frank');

  expect(await fido2.importCredentials({ items })).toMatchObject({ results: [{ status: 'already-imported' }] });
  expect(await fido2.getOwnRp()).toMatchObject({ rpId: rp.rpId, settings: { userVerification: 'preferred' } });
});
