import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RpCaller } from '../../functions/domain/callers.ts';
import { CeremonyRefusedError, NotFoundError } from '../../functions/domain/errors.ts';
import { editCredential } from '../../functions/domain/credentials/edit-credential.ts';
import { listCredentials } from '../../functions/domain/credentials/list-credentials.ts';
import { removeCredential } from '../../functions/domain/credentials/remove-credential.ts';
import { editUser } from '../../functions/domain/users/edit-user.ts';
import { getUser } from '../../functions/domain/users/get-user.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { readCredential, readTakenCredentialId, type CredentialName } from '../../functions/table/users/credentials.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { readUserHandle, userHandleAt } from '../../functions/table/users/user-handles.ts';
import { DAY, MINUTE, toTtl } from '../../functions/domain/time.ts';
import { registerCredential, signInWith } from '../support/fido2/credentials.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, meanwhile, measure } from '../support/table-faults.ts';

/** Each test lets another request change the table between the reads and the transaction of a request. */

let metering: Metering;
let rp: RpCaller;
let now: number;

beforeEach(async () => {
  metering = await openMetering();
  rp = await (await metering.signUp()).rp();
  now = metering.clock.now();
  await metering.register(rp, ['user-1']);
});

/** Returns the services of a process, in which `happen` happens before its first write. */
const whileHappens = (happen: () => Promise<unknown>) => ({
  ...metering.services,
  table: meanwhile(metering.table, happen),
});
const register = async (userId = 'user-1'): Promise<CredentialName> => {
  const name = await registerCredential(metering.table, rp.rpRef, userId, { now });
  if (!name) throw new Error('The credential was not stored.');
  return name;
};
const read = (name: CredentialName) => readCredential(metering.table, name, 'strong');
const signIn = (name: CredentialName) => signInWith(metering.table, name, now);
const readUser = () => getUser(metering.services, rp, 'user-1');

describe('disabling a user', () => {
  const disable = (services = metering.services) => editUser(services, rp, 'user-1', { disabled: true });

  it('refuses a sign-in that has read the credential before', async () => {
    const name = await register();
    const credential = read(name);
    await credential;
    await disable();
    expect(await signInWith(metering.table, name, now, credential)).toBe(false);
    await editUser(metering.services, rp, 'user-1', { disabled: false });
    expect(await signIn(name)).toBe(true);
  });

  it.each([0, 1, 2])('disables a credential that is registered meanwhile, besides %i credentials', async (present) => {
    for (let index = 0; index < present; index += 1) await register();
    let late: CredentialName | undefined;
    const view = await disable(whileHappens(async () => (late = await register())));
    expect(view).toMatchObject({ disabled: true, credentials: { total: present + 1, enabled: present + 1 } });
    expect(late && (await signIn(late))).toBe(false);
    expect(await registerCredential(metering.table, rp.rpRef, 'user-1', { now })).toBeUndefined();
  });

  it('reads again if a registration ends between the reads of the credentials and of the handle item', async () => {
    await register();
    const table = anotherClient(metering.table);
    let late: CredentialName | undefined;
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const answer = await next(args);
          if (!commandName.startsWith('Query') || late) return answer;
          late = await register();
          // The query has seen the old credentials, and sees the new handle item.
          const { Items = [] } = answer.output as { Items?: Record<string, unknown>[] };
          for (const item of Items) {
            if (item['setVersion']) Object.assign(item, { credentials: 2, setVersion: 2 });
          }
          return answer;
        },
      { step: 'initialize', priority: 'low' },
    );
    await disable({ ...metering.services, table });
    expect(late && (await signIn(late))).toBe(false);
  });

  it('does not bring back a user who is removed meanwhile', async () => {
    await register();
    const disabled = disable(whileHappens(() => removeUser(metering.services, rp, 'user-1')));
    await expect(disabled).rejects.toThrow(NotFoundError);
  });

  it('does not give values of a removed user to a user who is registered again meanwhile', async () => {
    await editUser(metering.services, rp, 'user-1', { userName: 'alice' });
    const services = whileHappens(async () => {
      await removeUser(metering.services, rp, 'user-1');
      metering.clock.time += 1;
      await metering.register(rp, ['user-1']);
      await editUser(metering.services, rp, 'user-1', { displayName: 'Another' });
    });
    expect(await editUser(services, rp, 'user-1', { disabled: true })).toMatchObject({
      userName: 'user-1',
      displayName: 'Another',
      disabled: true,
      version: 3,
    });
  });
});

describe('removing a user', () => {
  const remove = (services = metering.services) => removeUser(services, rp, 'user-1');

  it.each([0, 1])('removes a credential that is registered meanwhile, besides %i credentials', async (present) => {
    for (let index = 0; index < present; index += 1) await register();
    let late: CredentialName | undefined;
    await remove(whileHappens(async () => (late = await register())));
    expect(late && (await read(late))).toBeUndefined();
    await expect(readUser()).rejects.toThrow(NotFoundError);
    const { registeredUsers } = (await metering.dump()).find(({ pk, sk }) => sk === `RP#${rp.rpRef}` && pk) ?? {};
    expect(registeredUsers).toBe(0);
  });

  it('keeps the challenge of a sign-in that is accepted meanwhile', async () => {
    const name = await register();
    await remove(whileHappens(() => signIn(name)));
    const tombstone = await readTakenCredentialId(metering.table, rp.rpRef, name.credentialId, 'strong');
    expect(Object.keys(tombstone?.removed?.used ?? {})).toHaveLength(1);
  });

  it('leaves only tombstones without personal data, until 15 minutes after the ceremonies', async () => {
    const name = await register();
    await signIn(name);
    await editUser(metering.services, rp, 'user-1', { userName: 'alice', displayName: 'Alice' });
    await remove();
    const handle = await readUserHandle(metering.table, rp.rpRef, name.userHandle, 'strong');
    const tombstone = await readTakenCredentialId(metering.table, rp.rpRef, name.credentialId, 'strong');
    const ttl = toTtl(now + 20 * MINUTE);
    expect([handle, tombstone]).toMatchObject([{ ttl, credentials: 0, enabledCredentials: 0 }, { ttl }]);
    expect(handle?.userId).toBeUndefined();
    const left = (await metering.dump()).filter(({ pk }) => /^(RP|HANDLE|CREDENTIAL-ID)#/.test(String(pk)));
    // Two tombstones, and the two items in the RP's partition that lead to them.
    expect(left).toHaveLength(4);
    expect(JSON.stringify(left)).not.toMatch(/user-1|alice/i);
    // A registration for the removed user is refused.
    expect(await registerCredential(metering.table, rp.rpRef, 'user-1', { now })).toBeUndefined();
  });

  it('leaves nothing of a user whose ceremonies have ended long ago', async () => {
    await signIn(await register());
    metering.clock.time += DAY;
    await remove();
    expect((await metering.dump()).filter(({ pk }) => /^(RP|HANDLE|CREDENTIAL-ID)#/.test(String(pk)))).toEqual([]);
  });

  it('succeeds while another request renames the user, and leaves no name', async () => {
    await remove(whileHappens(() => editUser(metering.services, rp, 'user-1', { userName: 'alice' })));
    expect((await metering.dump()).filter(({ pk }) => String(pk).startsWith('RP#'))).toEqual([]);
  });

  it('lowers the counts once for 10 requests at the same time', async () => {
    await register();
    await metering.register(rp, ['user-2']);
    const removals = Array.from({ length: 10 }, () =>
      removeUser(metering.process(), rp, 'user-1').then(() => 'removed'),
    );
    const outcomes = await Promise.allSettled(removals);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { registeredUsers } = (await metering.dump()).find(({ sk }) => sk === `RP#${rp.rpRef}`) ?? {};
    expect(registeredUsers).toBe(1);
  });
});

describe('a credential', () => {
  const named = ({ credentialId }: CredentialName) => ({ userId: 'user-1', credentialId });

  it('refuses a sign-in that has read it before it was disabled', async () => {
    const name = await register();
    const credential = read(name);
    await credential;
    await editCredential(metering.services, rp, named(name), { disabled: true });
    expect(await signInWith(metering.table, name, now, credential)).toBe(false);
  });

  it('is edited while a sign-in is accepted, and keeps its version through sign-ins', async () => {
    const name = await register();
    await signIn(name);
    const services = whileHappens(() => signIn(name));
    expect(await editCredential(services, rp, named(name), { name: 'Office' }, 1)).toMatchObject({ version: 2 });
    expect((await read(name))?.lastUsedAt).toBe(now);
  });

  it('is removed with the challenge of a sign-in that is accepted meanwhile, and its number is subtracted once', async () => {
    const [name, other] = [await register(), await register()];
    await removeCredential(
      whileHappens(() => signIn(name)),
      rp,
      named(name),
    );
    const tombstone = await readTakenCredentialId(metering.table, rp.rpRef, name.credentialId, 'strong');
    expect(Object.keys(tombstone?.removed?.used ?? {})).toHaveLength(1);
    expect(await readUser()).toMatchObject({ credentials: { total: 1, enabled: 1 } });
    expect(await signIn(other)).toBe(true);
  });

  it('has a correct number of enabled ones if it is disabled while it is removed', async () => {
    const name = await register();
    await register();
    const services = whileHappens(() => editCredential(metering.services, rp, named(name), { disabled: true }));
    await removeCredential(services, rp, named(name));
    expect(await readUser()).toMatchObject({ credentials: { total: 1, enabled: 1 } });
  });

  it('is gone for an edit if its user is removed meanwhile', async () => {
    const name = await register();
    const services = whileHappens(() => removeUser(metering.services, rp, 'user-1'));
    await expect(editCredential(services, rp, named(name), { disabled: true })).rejects.toThrow(NotFoundError);
    await metering.register(rp, ['user-1']);
    const edited = editCredential(metering.services, rp, named(name), { disabled: true });
    await expect(edited).rejects.toThrow(CeremonyRefusedError);
  });
});

it('reading, editing and removing users and credentials cost a fixed number of units', async () => {
  const name = await register();
  await signIn(name);
  const table = anotherClient(metering.table);
  const units = measure(table);
  const services = { ...metering.services, table };
  const cost = async (work: Promise<unknown>) => {
    await work;
    const { read: reads, write } = units;
    Object.assign(units, { read: 0, write: 0 });
    return `${reads} R, ${write} W`;
  };
  const edit = (body: Parameters<typeof editUser>[3]) => editUser(services, rp, 'user-1', body);
  const requested = { userId: 'user-1', credentialId: name.credentialId };
  expect(await cost(getUser(services, rp, 'user-1'))).toBe('2 R, 0 W');
  expect(await cost(edit({ displayName: 'Alice' }))).toBe('2 R, 2 W');
  expect(await cost(edit({ userName: 'alice' }))).toBe('2 R, 6 W');
  expect(await cost(edit({ disabled: true }))).toBe('2 R, 6 W');
  expect(await cost(editCredential(services, rp, requested, { name: 'Office' }))).toBe('3 R, 4 W');
  expect(await cost(removeUser(services, rp, 'user-1'))).toBe('1.5 R, 20 W');
});

it('a number of credentials that stays wrong makes requests fail, and not wait without end', async () => {
  const { rpRef, userHandle } = await register();
  await metering.table.client.send(
    new UpdateCommand({
      TableName: metering.table.name,
      Key: { ...userHandleAt(rpRef, userHandle) },
      UpdateExpression: 'SET credentials = :two',
      ExpressionAttributeValues: { ':two': 2 },
    }),
  );
  const requests = [
    removeUser(metering.services, rp, 'user-1'),
    editUser(metering.services, rp, 'user-1', { disabled: true }),
    listCredentials(metering.services, rp, 'user-1'),
  ];
  for (const { reason } of (await Promise.allSettled(requests)) as PromiseRejectedResult[]) {
    expect(reason).toBeInstanceOf(UnavailableError);
  }
});
