import { beforeEach, describe, expect, it } from 'vitest';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import type { AdministratorCaller } from '../../functions/domain/callers.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { editAdministrator } from '../../functions/domain/administrators/edit-administrator.ts';
import { AlreadyExistsError, NotFoundError, UnauthenticatedError } from '../../functions/domain/errors.ts';
import { newSecret } from '../../functions/domain/ids.ts';
import { removeAdministrator } from '../../functions/domain/administrators/remove-administrator.ts';
import { sendActivationLink } from '../../functions/domain/administrators/send-activation-link.ts';
import { setRepresentativeEmail } from '../../functions/domain/administrators/set-representative-email.ts';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { openMetering, type Metering } from '../support/metering.ts';
import { dyingAt, InjectedFault, meanwhile } from '../support/table-faults.ts';

const email = 'bo@example.com';
let metering: Metering;
let services: Metering['services'];
let alice: AdministratorCaller;
/**
 * The ID of the administrator whom Alice invited a week ago, and the token of a link that was sent just before the
 * invitation lapsed.
 */
let invited: string;
let token: string;

beforeEach(async () => {
  metering = await openMetering();
  ({ services } = metering);
  const owner = await metering.signUp();
  invited = (await invite(await owner.caller())).id;
  metering.clock.time += 7 * DAY - MINUTE;
  token = await linkTo(owner.customerId, invited);
  metering.clock.time += 2 * MINUTE;
  alice = await owner.caller();
});

const invite = (by: AdministratorCaller, on = services) =>
  addAdministrator(on, by, { name: 'Bo Berg', email, privilege: 'administrator' });
const signUp = (on = services) =>
  signUpCustomer(on, { customer: { name: 'Own Company' }, representative: { name: 'Bo', email } }, '192.0.2.1');
const open = (on = services) => createSession(on, { token });
const inviteAgain = (on = services) => sendActivationLink(on, alice, invited);
const withdraw = (on = services) => removeAdministrator(on, alice, invited);

async function linkTo(customerId: string, administratorId: string): Promise<string> {
  const link = newSecret('lnk');
  const expiresAt = services.clock.now() + HOUR;
  await putLink(services.table, link, { purpose: 'activation', customerId, administratorId, email, expiresAt }, 0);
  return link;
}
/** Returns services that call `happen` right before their `nth` write to the table. */
const servicesWhile = (happen: () => Promise<unknown>, nth: number) => ({
  ...services,
  table: meanwhile(services.table, happen, nth),
});
/**
 * Returns the administrator who has the address. Expects that only one administrator has the address, and that the
 * address item names this administrator.
 */
async function owner() {
  const items = await metering.dump();
  const people = items.filter((item) => item['email'] === email && 'privilege' in item);
  expect(people).toHaveLength(1);
  const [person] = people;
  expect(await readEmail(services.table, email)).toMatchObject({
    customerId: person?.['customerId'],
    administratorId: person?.['administratorId'],
  });
  return person;
}

describe('when a person signs up with the e-mail address of a lapsed invitation,', () => {
  it('the sign-up deletes all table items of the invited administrator except one link, which no longer works', async () => {
    await signUp();
    expect(await owner()).toMatchObject({ status: 'provisional', privilege: 'privileged' });
    const left = (await metering.dump()).filter((item) => JSON.stringify(item).includes(invited));
    expect(left.map(({ pk }) => String(pk).split('#')[0])).toEqual(['LINK']);
    await expect(open()).rejects.toThrow(UnauthenticatedError);
  });

  // The first write of a sign-up fails because the address is taken. The sign-up then reads the lapsed invitation, and
  // its second write takes the address from this invitation.
  describe.each([1, 2])('and just before write %i of the sign-up', (nth) => {
    it('another request opens the link of the invitation, the sign-up creates no customer', async () => {
      await signUp(servicesWhile(open, nth));
      expect(await owner()).toMatchObject({ administratorId: invited, status: 'active' });
    });

    it('another request sends the invitation again, the sign-up creates no customer', async () => {
      await signUp(servicesWhile(inviteAgain, nth));
      expect(await owner()).toMatchObject({ administratorId: invited, status: 'provisional' });
      await open();
    });

    it('another customer invites the same address, the sign-up creates no customer', async () => {
      const other = await metering.signUp();
      await signUp(servicesWhile(async () => invite(await other.caller()), nth));
      expect(await owner()).toMatchObject({ customerId: other.customerId, name: 'Bo Berg' });
      expect((await metering.dump()).filter(({ name }) => name === 'Own Company')).toEqual([]);
    });

    it('another request withdraws the invitation, the sign-up succeeds', async () => {
      await signUp(servicesWhile(withdraw, nth));
      expect(await owner()).toMatchObject({ name: 'Bo', privilege: 'privileged' });
    });
  });

  // No case kills the process after write 1, because the first write of a sign-up always fails here.
  it.each([
    ['before', 1],
    ['before', 2],
    ['after', 2],
  ] as const)(
    'and the process dies %s write %i of the sign-up, the sign-up is complete or has no effect, and a retry succeeds',
    async (when, nth) => {
      await expect(signUp({ ...services, table: dyingAt(services.table, nth, when) })).rejects.toThrow(InjectedFault);
      const isDone = nth === 2 && when === 'after';
      expect(await owner()).toMatchObject(isDone ? { name: 'Bo' } : { administratorId: invited });
      await signUp();
      expect(await owner()).toMatchObject({ name: 'Bo', status: 'provisional' });
      expect((await metering.dump()).filter(({ name }) => name === 'Own Company')).toHaveLength(1);
    },
  );

  it('the invited person keeps the address if they opened the link before the sign-up', async () => {
    await open();
    metering.clock.time += 400 * DAY;
    await signUp();
    const other = await metering.signUp();
    await expect(invite(await other.caller())).rejects.toThrow(AlreadyExistsError);
    await expect(setRepresentativeEmail(services, { operator: 'olga' }, other.customerId, email)).rejects.toThrow(
      AlreadyExistsError,
    );
    expect(await owner()).toMatchObject({ administratorId: invited, status: 'active' });
  });
});

describe('while a person signs up with the e-mail address of a lapsed invitation,', () => {
  it.each<[string, (on: Metering['services']) => Promise<unknown>, new (...args: never[]) => Error]>([
    ['opening the link', (on) => open(on), UnauthenticatedError],
    ['sending the invitation again', (on) => inviteAgain(on), NotFoundError],
    ['withdrawing the invitation', (on) => withdraw(on), NotFoundError],
    [
      'editing the invited administrator',
      (on) => editAdministrator(on, alice, invited, { name: 'Bob' }),
      NotFoundError,
    ],
  ])('%s fails and does not create the invited administrator again', async (_, act, error) => {
    await expect(act(servicesWhile(() => signUp(), 1))).rejects.toThrow(error);
    expect(await owner()).toMatchObject({ name: 'Bo', status: 'provisional', privilege: 'privileged' });
  });
});
