import { beforeAll, beforeEach, expect, it } from 'vitest';
import { listCredentials } from '../../functions/domain/credentials/list-credentials.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { meanwhile } from '../support/table-faults.ts';

let opened: Awaited<ReturnType<typeof openCeremonies>>;
let healthy: CeremonyProcess;
let userId: string;
let users = 0;
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});
/** The RP's own handle of the user, which the user keeps when the RP registers the user again. */
const user = () => ({ userHandle: Buffer.from(`handle of ${userId}`).toString('base64url') });
const register = async () => {
  const { ended } = await healthy.create({ userId, createUser: true, user: user() });
  await healthy.register(ended);
};
const registerAgain = async () => {
  await removeUser(opened.metering.services, opened.caller, userId);
  opened.metering.clock.time += 1_000;
  await register();
};
const credentials = async () => (await listCredentials(opened.metering.services, opened.caller, userId)).items.length;
beforeEach(async () => {
  userId = `user-${(users += 1)}`;
  await register();
});

it('a registration that began for a removed user adds no credential to a later user with the same ID and handle', async () => {
  const { ended } = await healthy.create({ userId });
  await registerAgain();
  await expect(healthy.register(ended)).rejects.toMatchObject({ name: 'NotFoundError' });
  expect(await credentials()).toBe(1);
});

it('and adds none if the user is removed and registered again right before its write', async () => {
  const { ended } = await healthy.create({ userId });
  const slow = opened.process(meanwhile(opened.metering.table, registerAgain));
  await expect(slow.register(ended)).rejects.toMatchObject({ name: 'NotFoundError' });
  expect(await credentials()).toBe(1);
});

it('a registration that begins after the user was registered again is accepted', async () => {
  await registerAgain();
  const { ended } = await healthy.create({ userId });
  await healthy.register(ended);
  expect(await credentials()).toBe(2);
});
