import { beforeEach, describe, expect, it } from 'vitest';
import type { RegistrationResponse } from '../../functions/contract/values/webauthn.ts';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import { addPasskey } from '../../functions/domain/signing-in/add-passkey.ts';
import { authenticateSession } from '../../functions/domain/sessions/authenticate-session.ts';
import type { AdministratorCaller } from '../../functions/domain/callers.ts';
import { confirmEmail } from '../../functions/domain/administrators/confirm-email.ts';
import { createSession as createSessionFrom } from '../../functions/domain/signing-in/create-session.ts';
import { deleteSession } from '../../functions/domain/sessions/delete-session.ts';
import { editAdministrator } from '../../functions/domain/administrators/edit-administrator.ts';
import {
  AlreadyExistsError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  ReauthenticationRequiredError,
  RecoveryHoldError,
  UnauthenticatedError,
} from '../../functions/domain/errors.ts';
import { newSecret } from '../../functions/domain/ids.ts';
import { removeAdministrator } from '../../functions/domain/administrators/remove-administrator.ts';
import { removePasskey } from '../../functions/domain/signing-in/remove-passkey.ts';
import { requestPasskeyOptions } from '../../functions/domain/signing-in/request-passkey-options.ts';
import { requestSessionOptions } from '../../functions/domain/signing-in/request-session-options.ts';
import { HOUR, MINUTE, toTtl } from '../../functions/domain/time.ts';
import { undoRecovery } from '../../functions/domain/administrators/undo-recovery.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { changeRepresentative } from '../../functions/domain/customers/change-representative.ts';
import { setRepresentativeEmail } from '../../functions/domain/administrators/set-representative-email.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { readAllAdministrators } from '../../functions/table/administrators.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { readPasskeys } from '../../functions/table/signing-in/passkeys.ts';
import { createPasskey, usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { random } from '../support/random.ts';
import { before, dyingAt, InjectedFault, meanwhile } from '../support/table-faults.ts';

let metering: Metering;
let services: Metering['services'];
let owner: Awaited<ReturnType<Metering['signUp']>>;
/** Alice is the representative. Bob is another privileged administrator with a full session. */
let alice: AdministratorCaller;
let bob: AdministratorCaller;

beforeEach(async () => {
  metering = await openMetering();
  ({ services } = metering);
  owner = await metering.signUp();
  alice = await authenticateSession(services, owner.token);
  const added = { name: 'Bob Baba', email: 'bob@example.com', privilege: 'privileged' } as const;
  await addAdministrator(services, alice, added);
  bob = await present((await signInByLink('bob@example.com')).sessionToken);
});

/** Authenticates a session. Returns the caller with the data that the table currently contains. */
const present = (token: string) => authenticateSession(services, token);
const again = ({ token }: AdministratorCaller) => present(token);

async function linkTo(email: string): Promise<string> {
  const administrators = await readAllAdministrators(services.table, owner.customerId);
  const { customerId, administratorId, status } =
    administrators.find((administrator) => administrator.email === email) ?? raise('There is no such address.');
  const purpose = status === 'provisional' ? 'activation' : 'sign-in';
  const token = newSecret('lnk');
  const expiresAt = services.clock.now() + HOUR;
  await putLink(services.table, token, { purpose, customerId, administratorId, email, expiresAt }, 0);
  return token;
}
const createSession = (on: typeof services, credential: Parameters<typeof createSessionFrom>[1]) =>
  createSessionFrom(on, credential, '192.0.2.1');
const signInByLink = async (email: string) => createSession(services, { token: await linkTo(email) });
function raise(message: string): never {
  throw new Error(message);
}

async function makePasskey(caller: AdministratorCaller, deviations: Parameters<typeof createPasskey>[2] = {}) {
  return createPasskey(services.consoleUrl, await requestPasskeyOptions(services, caller), deviations);
}
const add = (caller: AdministratorCaller, response: RegistrationResponse, on = services) =>
  addPasskey(on, caller, { name: 'Phone', passkey: response });
/** Adds a passkey. Returns the passkey and the ID of the passkey. */
async function added(caller: AdministratorCaller, deviations: Parameters<typeof createPasskey>[2] = {}) {
  const { passkey, response } = await makePasskey(caller, deviations);
  return { passkey, id: (await add(caller, response)).passkey.id };
}
async function answerWith(passkey: SoftPasskey, deviations: Parameters<typeof usePasskey>[3] = {}) {
  return usePasskey(services.consoleUrl, passkey, await requestSessionOptions(services), deviations);
}
/** Returns services that run `happen` after a request has read from the table and before the request writes. */
const servicesWhile = (happen: () => Promise<unknown>) => ({
  ...services,
  table: meanwhile(services.table, happen),
});

const passkeysOf = async ({ administrator }: AdministratorCaller) => readPasskeys(services.table, administrator);
const itemsOf = async ({ administrator: { administratorId } }: AdministratorCaller) =>
  (await metering.dump()).filter(({ sk }) => String(sk).includes(administratorId));
const sessions = async () => (await metering.dump()).filter(({ pk }) => String(pk).startsWith('SESSION#'));
const removeBob = async () => removeAdministrator(services, alice, bob.administrator.administratorId);
const lowerBob = () =>
  editAdministrator(services, alice, bob.administrator.administratorId, { privilege: 'administrator' });
async function unsubscribe() {
  await setLicense(services, { operator: 'test' }, owner.customerId, { type: 'free' });
  const more = { discard: () => Promise.resolve(), contact: 'sales@example.com', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer({ ...services, ...more }, await again(alice), { confirmation: 'Example Corporation' });
}

/** Expects that `work` fails with an error of the given class. */
async function expectRefused(work: () => Promise<unknown>, error: new (...args: never[]) => Error) {
  await expect(work()).rejects.toThrow(error);
}

describe('adding a passkey', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['the administrator loses rights', () => lowerBob()],
    ['the administrator is removed', () => removeBob()],
    ['the session ends', () => deleteSession(services, bob)],
    ['the customer unsubscribes', () => unsubscribe()],
  ])('fails and stores no passkey when %s at the same time', async (_, happen) => {
    const { response } = await makePasskey(bob);
    await expectRefused(() => add(bob, response, servicesWhile(happen)), UnauthenticatedError);
    expect(await passkeysOf(bob)).toEqual([]);
  });

  it('fails when another request adds the twentieth passkey at the same time', async () => {
    for (let count = 0; count < 19; count += 1) await added(bob);
    const caller = await again(bob);
    const [one, other] = [await makePasskey(caller), await makePasskey(caller)];
    await expectRefused(
      () =>
        add(
          caller,
          one.response,
          servicesWhile(() => add(caller, other.response)),
        ),
      ForbiddenError,
    );
    expect(await passkeysOf(bob)).toHaveLength(20);
    await expectRefused(async () => requestPasskeyOptions(services, await again(bob)), ForbiddenError);
  });

  it('fails when another request uses the challenge at the same time', async () => {
    const { response } = await makePasskey(bob);
    await expectRefused(
      () =>
        add(
          bob,
          response,
          servicesWhile(() => add(bob, response)),
        ),
      InvalidInputError,
    );
    expect(await passkeysOf(bob)).toHaveLength(1);
    expect((await again(bob)).administrator.passkeys).toBe(1);
  });

  it('fails when another request adds the same passkey with another challenge at the same time', async () => {
    const credentialId = Buffer.alloc(32, 1);
    const [one, other] = [await makePasskey(bob, { credentialId }), await makePasskey(bob, { credentialId })];
    await expectRefused(
      () =>
        add(
          bob,
          one.response,
          servicesWhile(() => add(bob, other.response)),
        ),
      AlreadyExistsError,
    );
    expect((await again(bob)).administrator.passkeys).toBe(1);
  });

  it('succeeds when another passkey is added and removed at the same time', async () => {
    await added(bob);
    const { response } = await makePasskey(bob);
    await add(
      bob,
      response,
      servicesWhile(async () => removePasskey(services, await again(bob), (await added(bob)).id)),
    );
    expect(await passkeysOf(bob)).toHaveLength(2);
    expect((await again(bob)).administrator.passkeys).toBe(2);
  });

  it('changes nothing if the process dies before the write, and adds the passkey if the process dies after the write', async () => {
    await added(bob);
    for (const when of ['before', 'after'] as const) {
      const recovery = await present((await signInByLink('bob@example.com')).sessionToken);
      const { response } = await makePasskey(recovery);
      const before = await metering.dump();
      await expect(add(recovery, response, { ...services, table: dyingAt(services.table, 1, when) })).rejects.toThrow(
        InjectedFault,
      );
      if (when === 'before') {
        expect(await metering.dump()).toEqual(before);
      } else {
        const { administrator, session } = await again(recovery);
        expect({ passkeys: administrator.passkeys, mayOnly: session.mayOnly }).toEqual({ passkeys: 2 });
        expect(await passkeysOf(bob)).toHaveLength(2);
        const mails = (await metering.dump()).filter(({ template }) => template === 'passkey-added');
        expect(
          mails
            .filter(({ holdUntil }) => holdUntil !== undefined)
            .map(({ to, recipients }) => to ?? recipients)
            .sort(),
        ).toEqual(['bob@example.com', 'privileged-administrators']);
        await expectRefused(async () => add(await again(recovery), response), InvalidInputError);
      }
    }
  });
});

describe('an administrator whose only passkey was added without a recent sign-in', () => {
  beforeEach(async () => {
    metering.clock.time += 6 * MINUTE;
    await added(bob);
  });

  it('signs in by a link with a recovery session when a passkey is added with a recent sign-in at the same time', async () => {
    const recent = await present((await signInByLink('bob@example.com')).sessionToken);
    const { response } = await makePasskey(recent);
    const token = await linkTo('bob@example.com');
    const { mayOnly } = await createSession(
      servicesWhile(() => add(recent, response)),
      { token },
    );
    expect(mayOnly).toBe('add-passkey');
  });

  it('cannot add a passkey in an old session when one is added with a recent sign-in at the same time', async () => {
    const recent = await present((await signInByLink('bob@example.com')).sessionToken);
    const [{ response }, later] = [await makePasskey(recent), await makePasskey(await again(bob))];
    await expectRefused(
      async () =>
        add(
          await again(bob),
          later.response,
          servicesWhile(() => add(recent, response)),
        ),
      ReauthenticationRequiredError,
    );
    expect(await passkeysOf(bob)).toHaveLength(2);
  });
});

describe('a session that may only add a passkey', () => {
  async function recovery() {
    return present((await signInByLink('bob@example.com')).sessionToken);
  }

  it('gets all rights when it adds two passkeys at the same time, and each passkey causes a notification', async () => {
    await added(bob);
    const caller = await recovery();
    const [one, other] = [await makePasskey(caller), await makePasskey(caller)];
    await add(
      caller,
      one.response,
      servicesWhile(() => add(caller, other.response)),
    );
    expect((await again(caller)).session.mayOnly).toBeUndefined();
    expect(await passkeysOf(bob)).toHaveLength(3);
    expect((await metering.dump()).filter(({ holdUntil }) => holdUntil !== undefined)).toHaveLength(4);
  });

  it('belongs to the recovery that another session begins at the same time, and one undoing removes both passkeys', async () => {
    const { id } = await added(bob);
    const [one, other] = [await recovery(), await recovery()];
    const [first, second] = [await makePasskey(one), await makePasskey(other)];
    metering.clock.time += 1_000;
    await add(
      one,
      first.response,
      servicesWhile(async () => {
        await add(other, second.response);
        metering.clock.time += 1_000;
      }),
    );
    expect(await passkeysOf(bob)).toHaveLength(3);
    await undoRecovery(services, alice, bob.administrator.administratorId);
    expect((await passkeysOf(bob)).map((passkey) => passkey.id)).toEqual([id]);
    await expectRefused(() => again(one), UnauthenticatedError);
  });

  it('cannot add a passkey when the recovery is undone at the same time', async () => {
    await added(bob);
    const [one, other] = [await recovery(), await recovery()];
    await add(other, (await makePasskey(other)).response);
    const { response } = await makePasskey(one);
    const undo = () => undoRecovery(services, alice, bob.administrator.administratorId);
    await expectRefused(async () => add(await again(one), response, servicesWhile(undo)), UnauthenticatedError);
    expect(await passkeysOf(bob)).toHaveLength(1);
  });

  it.each<[string, (full: AdministratorCaller, id: string, on: typeof services) => Promise<unknown>]>([
    ['the removal of an older passkey', (full, id, on) => removePasskey(on, full, id)],
    [
      'the adding of a passkey in a full session',
      async (full, _, on) => add(full, (await makePasskey(full)).response, on),
    ],
  ])('begins a hold that stops %s at the same time', async (_, act) => {
    const { id } = await added(bob);
    await added(bob);
    const recover = async () => {
      const caller = await recovery();
      await add(caller, (await makePasskey(caller)).response);
    };
    const full = await again(bob);
    await expectRefused(() => act(full, id, servicesWhile(recover)), RecoveryHoldError);
    expect(await passkeysOf(bob)).toHaveLength(3);
    await undoRecovery(services, alice, bob.administrator.administratorId);
    expect(await passkeysOf(bob)).toHaveLength(2);
  });

  it('begins a hold in which the caller cannot remove an administrator who becomes privileged at the same time', async () => {
    const carol = { name: 'Carol', email: 'carol@example.com', privilege: 'administrator' } as const;
    const { id } = await addAdministrator(services, alice, carol);
    await added(bob);
    const caller = await recovery();
    await added(caller);
    const raise = () => editAdministrator(services, alice, id, { privilege: 'privileged' });
    await expectRefused(
      async () => removeAdministrator(servicesWhile(raise), await again(caller), id),
      RecoveryHoldError,
    );
    expect((await metering.dump()).filter(({ sk }) => sk === `ADMINISTRATOR#${id}`)).toHaveLength(1);
  });

  it('stays restricted while other sessions add and remove passkeys', async () => {
    const first = await added(bob);
    const caller = await recovery();
    await added(bob);
    await removePasskey(services, await again(bob), first.id);
    expect((await again(caller)).session.mayOnly).toBe('add-passkey');
    const { response } = await makePasskey(caller);
    await add(caller, response);
    expect((await again(caller)).session.mayOnly).toBeUndefined();
  });

  it('cannot add a passkey and stays restricted when the administrator already has 20 passkeys', async () => {
    await added(bob);
    const caller = await recovery();
    const { response } = await makePasskey(caller);
    for (let count = 1; count < 20; count += 1) await added(bob);
    await expectRefused(async () => add(await again(caller), response), ForbiddenError);
    await expectRefused(() => add(caller, response), ForbiddenError);
    expect((await again(caller)).session.mayOnly).toBe('add-passkey');
  });
});

describe('signing in with an e-mailed link', () => {
  it('creates a session that cannot do more than add a passkey, if the first passkey is added during the sign-in', async () => {
    const token = await linkTo('bob@example.com');
    const signedIn = await createSession(
      servicesWhile(() => added(bob)),
      { token },
    );
    expect(signedIn.mayOnly).toBe('add-passkey');
    expect((await present(signedIn.sessionToken)).session.mayOnly).toBe('add-passkey');
    await expectRefused(() => createSession(services, { token }), UnauthenticatedError);
  });

  it('creates a session that cannot do more than add a passkey, if one of two passkeys is removed during the sign-in', async () => {
    const first = await added(bob);
    await added(bob);
    const token = await linkTo('bob@example.com');
    const happen = async () => removePasskey(services, await again(bob), first.id);
    expect((await createSession(servicesWhile(happen), { token })).mayOnly).toBe('add-passkey');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the administrator is removed', () => removeBob()],
    ['the customer unsubscribes', () => unsubscribe()],
  ])('fails and creates no session when %s at the same time', async (_, happen) => {
    const token = await linkTo('bob@example.com');
    const before = (await sessions()).length;
    await expectRefused(() => createSession(servicesWhile(happen), { token }), UnauthenticatedError);
    expect(await sessions()).toHaveLength(before);
  });

  it('fails when another request uses the link at the same time', async () => {
    const token = await linkTo('bob@example.com');
    const before = (await sessions()).length;
    await expectRefused(
      () =>
        createSession(
          servicesWhile(() => createSession(services, { token })),
          { token },
        ),
      UnauthenticatedError,
    );
    expect(await sessions()).toHaveLength(before + 1);
  });
});

describe('signing in with a passkey', () => {
  let passkey: SoftPasskey;
  let id: string;
  beforeEach(async () => {
    ({ passkey, id } = await added(bob, { signCount: 5 }));
    await added(bob);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the passkey is removed', async () => removePasskey(services, await again(bob), id)],
    ['the administrator is removed', () => removeBob()],
    ['the customer unsubscribes', () => unsubscribe()],
  ])('fails and creates no session when %s at the same time', async (_, happen) => {
    const response = await answerWith(passkey);
    const before = (await sessions()).length;
    await expectRefused(() => createSession(servicesWhile(happen), { passkey: response }), UnauthenticatedError);
    expect(await sessions()).toHaveLength(before);
  });

  it('fails when another request uses the response at the same time', async () => {
    const response = { passkey: await answerWith(passkey) };
    const before = (await sessions()).length;
    await expectRefused(
      () =>
        createSession(
          servicesWhile(() => createSession(services, response)),
          response,
        ),
      UnauthenticatedError,
    );
    expect(await sessions()).toHaveLength(before + 1);
  });

  it('fails when a copy of the passkey signs in with a higher sign count at the same time', async () => {
    const [earlier, later] = [await answerWith(passkey), await answerWith(passkey, { signCount: 20 })];
    await expectRefused(
      () =>
        createSession(
          servicesWhile(() => createSession(services, { passkey: later })),
          { passkey: earlier },
        ),
      UnauthenticatedError,
    );
    const stored = (await passkeysOf(bob)).find((one) => one.id === id);
    expect(stored?.signCount).toBe(20);
  });

  it('creates a session when the administrator loses rights at the same time, but the service refuses the session', async () => {
    const response = { passkey: await answerWith(passkey) };
    const { sessionToken } = await createSession(servicesWhile(lowerBob), response);
    await expectRefused(() => present(sessionToken), UnauthenticatedError);
    const { sessionToken: next } = await createSession(services, { passkey: await answerWith(passkey) });
    expect((await present(next)).administrator.privilege).toBe('administrator');
  });

  it('changes nothing if the process dies before the write, and creates the session if the process dies after the write', async () => {
    for (const when of ['before', 'after'] as const) {
      const response = { passkey: await answerWith(passkey) };
      const before = await metering.dump();
      await expect(createSession({ ...services, table: dyingAt(services.table, 1, when) }, response)).rejects.toThrow(
        InjectedFault,
      );
      if (when === 'before') {
        expect(await metering.dump()).toEqual(before);
        await createSession(services, response);
      } else {
        expect((await sessions()).length).toBe(before.filter(({ pk }) => String(pk).startsWith('SESSION#')).length + 1);
        await expectRefused(() => createSession(services, response), UnauthenticatedError);
      }
    }
  });
});

describe('removing a passkey', () => {
  let first: string;
  let second: string;
  beforeEach(async () => {
    first = (await added(bob)).id;
    second = (await added(bob)).id;
  });

  it('fails when another request removes the only other passkey at the same time', async () => {
    const caller = await again(bob);
    const happen = () => removePasskey(services, caller, second);
    await expectRefused(() => removePasskey(servicesWhile(happen), caller, first), ForbiddenError);
    expect((await passkeysOf(bob)).map(({ id }) => id)).toEqual([first]);
    expect((await again(bob)).administrator.passkeys).toBe(1);
  });

  it('fails and does not decrease the passkey count again when another request removes the passkey at the same time', async () => {
    await added(bob);
    const caller = await again(bob);
    const happen = () => removePasskey(services, caller, first);
    await expectRefused(() => removePasskey(servicesWhile(happen), caller, first), NotFoundError);
    expect((await again(bob)).administrator.passkeys).toBe(2);
  });

  it('fails when the administrator loses rights at the same time', async () => {
    const caller = await again(bob);
    await expectRefused(() => removePasskey(servicesWhile(lowerBob), caller, first), UnauthenticatedError);
    expect(await passkeysOf(bob)).toHaveLength(2);
  });
});

describe('removing an administrator', () => {
  const remove = (happen: () => Promise<unknown>) =>
    removeAdministrator(servicesWhile(happen), alice, bob.administrator.administratorId);

  it.each<[string, number]>([
    ['the first', 0],
    ['another', 2],
  ])('leaves no passkey behind when %s passkey is added at the same time', async (_, before) => {
    for (let count = 0; count < before; count += 1) await added(bob);
    const { response } = await makePasskey(bob);
    await remove(() => add(bob, response));
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('leaves no passkey behind when a passkey is removed at the same time', async () => {
    const { id } = await added(bob);
    await added(bob);
    await remove(async () => removePasskey(services, await again(bob), id));
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('leaves no passkey behind when one passkey is added and another is removed at the same time', async () => {
    const { id } = await added(bob);
    await added(bob);
    await remove(async () => {
      await added(bob);
      await removePasskey(services, await again(bob), id);
    });
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('leaves no passkey behind when a passkey is used at the same time', async () => {
    const { passkey } = await added(bob);
    const response = { passkey: await answerWith(passkey) };
    await remove(() => createSession(services, response));
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('removes all 20 passkeys of the administrator', async () => {
    for (let count = 0; count < 20; count += 1) await added(bob);
    await removeBob();
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('leaves no passkey behind when other requests keep adding and removing passkeys', async () => {
    // The calls of an administrator may fail with these errors while another request removes the administrator.
    const refusals = [UnauthenticatedError, ForbiddenError, NotFoundError];
    const chance = random();
    const log = `SEED=${chance.seed}`;
    let isRemoved = false;
    const busy = async () => {
      const ids: string[] = [];
      while (!isRemoved) {
        try {
          if (ids.length > 1 && chance.next() < 0.5) {
            const id = chance.pick(ids);
            await removePasskey(services, await again(bob), id);
            ids.splice(ids.indexOf(id), 1);
          } else ids.push((await added(await again(bob))).id);
        } catch (error) {
          if (!refusals.some((refusal) => error instanceof refusal)) throw error;
        }
      }
    };
    const busyOnes = Promise.all([busy(), busy()]);
    await new Promise((resolve) => setTimeout(resolve, 100 + chance.below(300)));
    await removeBob();
    isRemoved = true;
    await busyOnes;
    expect({ log, left: await itemsOf(bob) }).toEqual({ log, left: [] });
  });
});

describe('adding the first two passkeys at the same time', () => {
  it('stores both passkeys, and sends a notification about each passkey', async () => {
    const { response } = await makePasskey(bob);
    await add(
      bob,
      response,
      servicesWhile(() => added(bob)),
    );
    expect(await passkeysOf(bob)).toHaveLength(2);
    const told = (await metering.dump()).filter(({ template }) => template === 'passkey-added');
    const mail = { to: 'bob@example.com', isOwn: true };
    expect(told).toMatchObject([mail, mail]);
  });
});

describe('passkeys that other requests add and remove while a request removes all passkeys', () => {
  /**
   * Adds two passkeys. Returns services that remove one of them before a request queries the passkeys, and add another
   * passkey before the request writes.
   */
  async function servicesWhileTheyChange(caller: AdministratorCaller): Promise<typeof services> {
    const { id } = await added(caller);
    await added(caller);
    const leaves = async () => removePasskey(services, await again(caller), id);
    const table = before(
      /^Query/,
      meanwhile(services.table, async () => added(await again(caller))),
      leaves,
    );
    return { ...services, table };
  }

  it('are all removed together with their administrator', async () => {
    const on = await servicesWhileTheyChange(bob);
    await removeAdministrator(on, alice, bob.administrator.administratorId);
    expect(await itemsOf(bob)).toEqual([]);
  });

  it('are kept when the replacement of the representative’s address fails, and are all removed when a retry succeeds', async () => {
    const on = await servicesWhileTheyChange(alice);
    const replace = (services: typeof on) =>
      setRepresentativeEmail(services, { operator: 'olga' }, owner.customerId, 'new@example.com');
    await expectRefused(() => replace(on), AlreadyExistsError);
    expect(await passkeysOf(alice)).toHaveLength(2);
    await replace(services);
    expect(await passkeysOf(alice)).toEqual([]);
  });
});

describe('replacing the representative’s address', () => {
  it('fails and removes no passkey when another administrator becomes the representative at the same time', async () => {
    const { id } = await added(alice);
    const toBob = () =>
      changeRepresentative(services, bob, bob.customer.version, { administratorId: bob.administrator.administratorId });
    await expectRefused(
      () => setRepresentativeEmail(servicesWhile(toBob), { operator: 'olga' }, owner.customerId, 'new@example.com'),
      AlreadyExistsError,
    );
    expect((await passkeysOf(alice)).map((passkey) => passkey.id)).toEqual([id]);
    expect(await readEmail(services.table, 'new@example.com')).toBeUndefined();
  });
});

describe('confirming a change of e-mail address that the administrator requested before adding a passkey', () => {
  it('fails when another request adds the first passkey at the same time', async () => {
    const token = newSecret('lnk');
    const { customerId, administratorId, email, sessionGeneration } = bob.administrator;
    const expiresAt = services.clock.now() + 60_000;
    const replaces = { email, sessionGeneration, hadPasskey: false };
    const link = { purpose: 'email-confirmation', customerId, administratorId, email: 'new@example.com' } as const;
    await putLink(services.table, token, { ...link, replaces, expiresAt }, toTtl(expiresAt));
    await expectRefused(
      () =>
        confirmEmail(
          servicesWhile(() => added(bob)),
          { token },
        ),
      UnauthenticatedError,
    );
    expect(await passkeysOf(bob)).toHaveLength(1);
  });
});

describe('requesting options for a passkey ceremony', () => {
  it('stores nothing if the process dies before the write, and an item with a TTL if the process dies after the write', async () => {
    for (const begin of [
      (on: typeof services) => requestSessionOptions(on),
      (on: typeof services) => requestPasskeyOptions(on, bob),
    ]) {
      const before = await metering.dump();
      await expect(begin({ ...services, table: dyingAt(services.table, 1, 'before') })).rejects.toThrow(InjectedFault);
      expect(await metering.dump()).toEqual(before);
      await expect(begin({ ...services, table: dyingAt(services.table, 1, 'after') })).rejects.toThrow(InjectedFault);
      const [left] = (await metering.dump()).filter(({ pk }) => !before.some((item) => item['pk'] === pk));
      expect(left).toMatchObject({ ttl: Math.ceil(services.clock.now() / 1_000) + 300 });
    }
  });
});
