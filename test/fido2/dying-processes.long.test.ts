import { beforeAll, describe, expect, it } from 'vitest';
import { editCredential } from '../../functions/domain/credentials/edit-credential.ts';
import { removeCredential } from '../../functions/domain/credentials/remove-credential.ts';
import { editUser } from '../../functions/domain/users/edit-user.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { dyingAt } from '../support/table-faults.ts';

type Items = readonly Record<string, unknown>[];

/**
 * A request, which a process performs with its table client. A repetition of a ceremony has the same `Idempotency-Key`.
 */
type Request = (table: Table) => Promise<unknown>;

/** A user who has a name and two credentials, and has signed in with the first one. */
interface User {
  readonly userId: string;
  readonly passkey: SoftPasskey;
}

let opened: Awaited<ReturnType<typeof openCeremonies>>;
let healthy: CeremonyProcess;
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});

let users = 0;
async function newUser(): Promise<User> {
  const userId = `user-${(users += 1)}`;
  const newcomer = { userName: `Name of ${userId}`, displayName: null };
  const created = await healthy.create({ userId, createUser: true, user: newcomer });
  await healthy.register(created.ended);
  await healthy.register((await healthy.create({ userId })).ended);
  const { passkey } = created;
  await healthy.signIn(await healthy.use(passkey));
  return { userId, passkey };
}

const services = (table: Table) => ({ ...opened.metering.services, table });
const credentialOf = ({ userId, passkey }: User) => ({
  userId,
  credentialId: passkey.credentialId.toString('base64url'),
});
const register = async (...asked: Parameters<CeremonyProcess['create']>): Promise<Request> => {
  const { ended } = await healthy.create(...asked);
  return (table) => opened.process(table).register(ended, 'registration');
};
const signIn = async ({ passkey }: User): Promise<Request> => {
  const ended = await healthy.use(passkey);
  return (table) => opened.process(table).signIn(ended, 'sign-in');
};
const edit =
  ({ userId }: User, body: Parameters<typeof editUser>[3]): Request =>
  (table) =>
    editUser(services(table), opened.caller, userId, body);

/** Returns how many there are of everything that a request may change, in the whole table. */
function numbers(items: Items) {
  const count = (pattern: RegExp, isCounted: (item: Items[number]) => unknown = () => true) =>
    items.filter((item) => pattern.test(`${String(item['pk'])} ${String(item['sk'])}`) && isCounted(item)).length;
  const registered = (pattern: RegExp) => items.find(({ sk }) => pattern.test(String(sk)))?.['registeredUsers'];
  return {
    users: count(/^RP#\S+ USER#/),
    registeredAtRp: Number(registered(/^RP#/)),
    registeredOfCustomer: Number(registered(/^CUSTOMER$/)),
    names: count(/ USER-NAME#/),
    credentials: count(/ CREDENTIAL#[^#]+$/),
    infos: count(/ CREDENTIAL#[^#]+#INFO$/),
    credentialIds: count(/^CREDENTIAL-ID#/, ({ removed }) => !removed),
    activeUsers: count(/^ACTIVE#/),
    disabled: count(/./, ({ disabled, userDisabled }) => disabled ?? userDisabled),
  };
}
const CREDENTIAL = { credentials: 1, infos: 1, credentialIds: 1 };
const REMOVED_CREDENTIAL = { credentials: -1, infos: -1, credentialIds: -1 };

/** Each request, and by how much it changes the numbers. */
const REQUESTS: readonly {
  readonly what: string;
  readonly prepare: (user: User) => Promise<Request> | Request;
  readonly changes: Partial<ReturnType<typeof numbers>>;
  /** The error of a repetition. @default - a repetition succeeds */
  readonly error?: RegExp;
}[] = [
  { what: 'signs a user in', prepare: signIn, changes: {} },
  {
    what: 'signs a user in for the first time in a month',
    prepare: async (user) => {
      opened.metering.clock.time = Date.parse('2026-12-02T12:00:00Z');
      return signIn(user);
    },
    changes: { activeUsers: 1 },
  },
  {
    what: 'registers another credential',
    prepare: ({ userId }) => register({ userId }),
    changes: CREDENTIAL,
  },
  {
    what: 'registers a new user with a name',
    prepare: ({ userId }) =>
      register({ userId: `${userId}-new`, createUser: true, user: { userName: 'New', displayName: null } }),
    changes: { users: 1, registeredAtRp: 1, registeredOfCustomer: 1, names: 1, ...CREDENTIAL, activeUsers: 1 },
  },
  {
    what: 'registers the first credential of a user',
    prepare: async ({ userId }) => {
      await opened.metering.register(opened.caller, [`${userId}-plain`]);
      return register({ userId: `${userId}-plain` });
    },
    changes: { ...CREDENTIAL, activeUsers: 1 },
  },
  // Disabling and enabling a user concern the user, the handle item and two credentials.
  { what: 'disables a user', prepare: (user) => edit(user, { disabled: true }), changes: { disabled: 4 } },
  {
    what: 'enables a user',
    prepare: async (user) => {
      await edit(user, { disabled: true })(opened.metering.table);
      return edit(user, { disabled: false });
    },
    changes: { disabled: -4 },
  },
  { what: 'renames a user', prepare: (user) => edit(user, { userName: 'Other' }), changes: {} },
  {
    what: 'disables a credential',
    prepare: (user) => (table) =>
      editCredential(services(table), opened.caller, credentialOf(user), { disabled: true }),
    changes: { disabled: 1 },
  },
  {
    what: 'removes a credential',
    prepare: (user) => (table) => removeCredential(services(table), opened.caller, credentialOf(user)),
    changes: REMOVED_CREDENTIAL,
    error: /has no such credential/,
  },
  {
    what: 'removes a user with a name and two credentials',
    prepare:
      ({ userId }) =>
      (table) =>
        removeUser(services(table), opened.caller, userId),
    changes: {
      ...{ users: -1, registeredAtRp: -1, registeredOfCustomer: -1, names: -1 },
      ...{ credentials: -2, infos: -2, credentialIds: -2 },
    },
    error: /no such user/,
  },
];

describe.each(REQUESTS)('a process that $what', ({ prepare, changes, error }) => {
  it('makes one write, and has done everything or nothing when it dies before or after the write', async () => {
    const { metering } = opened;
    const { table } = metering;
    metering.clock.time = Date.parse('2026-11-02T12:00:00Z');
    const request = await prepare(await newUser());
    const before = await metering.dump();
    await expect(request(dyingAt(table, 1, 'before'))).rejects.toThrow('dead before');
    expect(await metering.dump()).toEqual(before);

    await expect(request(dyingAt(table, 1, 'after'))).rejects.toThrow('dead after');
    const after = await metering.dump();
    expect(after).not.toEqual(before);
    const [old, present] = [numbers(before), numbers(after)];
    const expected = Object.entries(old).map(([name, count]) => {
      const { [name as keyof typeof old]: change = 0 } = changes;
      return [name, count + change];
    });
    expect(present).toEqual(Object.fromEntries(expected));

    // A repetition finds that everything was done, and writes nothing.
    const repeated = request(dyingAt(table, 1, 'before'));
    if (error) await expect(repeated).rejects.toThrow(error);
    else await repeated;
    expect(await metering.dump()).toEqual(after);

    // There is no second write at which the process could die.
    metering.clock.time = Date.parse('2026-11-02T12:00:00Z');
    const another = await prepare(await newUser());
    await another(dyingAt(table, 2, 'before'));
  });
});
