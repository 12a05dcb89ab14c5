import { beforeEach, describe, expect, it } from 'vitest';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import type { AdministratorCaller } from '../../functions/domain/callers.ts';
import { changeRepresentative } from '../../functions/domain/customers/change-representative.ts';
import { editAdministrator } from '../../functions/domain/administrators/edit-administrator.ts';
import { ForbiddenError, UnauthenticatedError } from '../../functions/domain/errors.ts';
import { newId } from '../../functions/domain/ids.ts';
import { removeAdministrator } from '../../functions/domain/administrators/remove-administrator.ts';
import { putAdministrator, readAdministrator, type Administrator } from '../../functions/table/administrators.ts';
import { giveEmail } from '../../functions/table/emails.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { startUnsubscribing } from '../../functions/table/customers/customer-status.ts';
import { openMetering } from '../support/metering/metering.ts';
import { meanwhile } from '../support/table-faults.ts';

type Opened = Awaited<ReturnType<typeof openMetering>>;
let services: Opened['services'];
let dump: Opened['dump'];
let alice: AdministratorCaller;
/**
 * The caller of the running request. The caller was a privileged administrator when the service authenticated the
 * request.
 */
let bob: AdministratorCaller;
/** Another active administrator. */
let carol: Administrator;

beforeEach(async () => {
  const opened = await openMetering();
  ({ services, dump } = opened);
  const { caller } = await opened.signUp();
  alice = await caller();
  bob = { ...alice, administrator: await another('privileged') };
  carol = await another('administrator');
});

async function another(privilege: Administrator['privilege']): Promise<Administrator> {
  const { customerId } = alice.customer;
  const administratorId = newId('adm');
  const email = `${administratorId}@example.com`;
  const administrator = {
    ...{ customerId, administratorId, name: 'Bob', email, privilege },
    ...{ status: 'active' as const, sessionGeneration: 0, createdAt: 0 },
  };
  await transact(services.table, { email: giveEmail(administrator), administrator: putAdministrator(administrator) });
  return administrator;
}

/** Every kind of change that a privileged administrator may make to the administrators of a customer. */
const changes: Record<string, () => Promise<unknown>> = {
  'becoming the representative': () => represent(bob.administrator),
  'making another administrator the representative': () => represent(carol),
  'adding an administrator': () =>
    addAdministrator(services, bob, { name: 'Eve', email: 'eve@example.com', privilege: 'privileged' }),
  'editing another administrator': () =>
    editAdministrator(services, bob, carol.administratorId, { privilege: 'privileged' }),
  'editing your own name': () =>
    editAdministrator(services, bob, bob.administrator.administratorId, { name: 'Robert' }),
  'removing an administrator': () => removeAdministrator(services, bob, carol.administratorId),
};
const represent = ({ administratorId }: Administrator) =>
  changeRepresentative(services, bob, bob.customer.version, { administratorId });

it('an administrator keeps a new name that is saved while another request changes the privilege of this administrator', async () => {
  const { administratorId } = carol;
  const edit = (on: typeof services, edited: Parameters<typeof editAdministrator>[3]) =>
    editAdministrator(on, alice, administratorId, edited);
  const table = meanwhile(services.table, () => edit(services, { name: 'Caroline' }));
  expect(await edit({ ...services, table }, { privilege: 'privileged' })).toMatchObject({
    name: 'Caroline',
    privilege: 'privileged',
  });
});

it('an administrator who is removed during a request does not learn whether an e-mail address is taken', async () => {
  await removeAdministrator(services, alice, bob.administrator.administratorId);
  const added = { name: 'Eve', email: carol.email, privilege: 'administrator' as const };
  await expect(addAdministrator(services, bob, added)).rejects.toThrow(UnauthenticatedError);
});

describe.each(Object.entries(changes))('%s', (_, change) => {
  it('succeeds for a privileged administrator', async () => {
    await change();
  });

  it('fails and changes nothing when the caller loses the privilege while the request runs', async () => {
    await editAdministrator(services, alice, bob.administrator.administratorId, { privilege: 'administrator' });
    const before = await dump();

    await expect(change()).rejects.toThrow(UnauthenticatedError);
    expect(await dump()).toEqual(before);
  });

  it('fails and changes nothing when the customer begins to unsubscribe while the request runs', async () => {
    const unsubscription = { startedAt: 0, by: 'operator', discards: false } as const;
    await transact(services.table, { customer: startUnsubscribing(alice.customer, unsubscription) });
    const before = await dump();

    // A ForbiddenError would wrongly tell the caller that a rule about the representative forbids the change.
    await expect(change()).rejects.not.toThrow(ForbiddenError);
    expect(await dump()).toEqual(before);
  });

  it('fails and changes nothing when the caller is removed while the request runs', async () => {
    await removeAdministrator(services, alice, bob.administrator.administratorId);
    const before = await dump();

    await expect(change()).rejects.toThrow();
    expect(await dump()).toEqual(before);
    const { customerId, administratorId } = bob.administrator;
    expect(await readAdministrator(services.table, customerId, administratorId, 'strong')).toBeUndefined();
  });
});
