import { beforeEach, describe, expect, it } from 'vitest';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import type { AdministratorCaller } from '../../functions/domain/callers.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { editAdministrator } from '../../functions/domain/administrators/edit-administrator.ts';
import { AlreadyExistsError, NotFoundError, UnauthenticatedError } from '../../functions/domain/errors.ts';
import { newSecret } from '../../functions/domain/ids.ts';
import { sendMail } from '../../functions/domain/mail/send-mail.ts';
import { removeAdministrator } from '../../functions/domain/administrators/remove-administrator.ts';
import { sendActivationLink } from '../../functions/domain/administrators/send-activation-link.ts';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { mailServices } from '../support/mail-services.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
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
const open = (on = services) => createSession(on, { token }, '192.0.2.1');
const replace = (on = services) => addAdministrator(on, alice, { name: 'New Bo', email, privilege: 'administrator' });
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
 * Returns the administrator of Alice's customer who has the address. Expects that only one administrator of the
 * customer has the address, and that the item that reserves the address names this administrator.
 */
async function owner() {
  const items = (await metering.dump()).filter(({ pk }) => pk === `CUSTOMER#${alice.customer.customerId}`);
  const people = items.filter((item) => item['email'] === email && 'privilege' in item);
  expect(people).toHaveLength(1);
  const [person] = people;
  expect(items.find(({ sk }) => sk === `ADMINISTRATOR-EMAIL#${email}`)).toMatchObject({
    administratorId: person?.['administratorId'],
  });
  return person;
}
/** Sends every e-mail that waits in the table, with the service's clock and without SES. */
async function sendMails(): Promise<void> {
  const { services: mail } = mailServices(services.table);
  for (const { mailId } of await metering.dump()) {
    if (typeof mailId === 'string') await sendMail({ ...mail, clock: services.clock }, mailId);
  }
}

describe('when an administrator invites the e-mail address of a lapsed invitation again under another name,', () => {
  it('the service deletes all table items of the earlier invitation except one link, which no longer works', async () => {
    await replace();
    await sendMails();
    expect(await owner()).toMatchObject({ status: 'provisional', name: 'New Bo' });
    // The audit keeps what people did for 13 months.
    const left = (await metering.dump()).filter(
      (item) => JSON.stringify(item).includes(invited) && !String(item['sk']).startsWith('AUDIT#'),
    );
    expect(left.map(({ pk }) => String(pk).split('#')[0])).toEqual(['LINK']);
    await expect(open()).rejects.toThrow(UnauthenticatedError);
  });

  // The first write fails because the address is reserved. The function then reads the lapsed invitation, and its
  // second write replaces this invitation.
  describe.each([1, 2])('and just before write %i', (nth) => {
    it('another request sends the earlier invitation again, the new invitation is refused', async () => {
      await expect(replace(servicesWhile(inviteAgain, nth))).rejects.toThrow(AlreadyExistsError);
      expect(await owner()).toMatchObject({ administratorId: invited, status: 'provisional' });
      await open();
    });

    it('another request replaces the earlier invitation, the new invitation is refused', async () => {
      await expect(replace(servicesWhile(() => invite(alice), nth))).rejects.toThrow(AlreadyExistsError);
      expect(await owner()).toMatchObject({ name: 'Bo Berg', status: 'provisional' });
    });

    it('another request withdraws the earlier invitation, the new invitation succeeds', async () => {
      await replace(servicesWhile(withdraw, nth));
      expect(await owner()).toMatchObject({ name: 'New Bo' });
    });
  });

  // No case kills the process after write 1, because the first write always fails here.
  it.each([
    ['before', 1],
    ['before', 2],
    ['after', 2],
  ] as const)('and the process dies %s write %i, the invitation is complete or has no effect', async (when, nth) => {
    await expect(replace({ ...services, table: dyingAt(services.table, nth, when) })).rejects.toThrow(InjectedFault);
    const isDone = nth === 2 && when === 'after';
    expect(await owner()).toMatchObject(isDone ? { name: 'New Bo' } : { administratorId: invited });
  });
});

describe('while an administrator replaces a lapsed invitation,', () => {
  it.each<[string, (on: Metering['services']) => Promise<unknown>, new (...args: never[]) => Error]>([
    ['sending the invitation again', (on) => inviteAgain(on), NotFoundError],
    ['withdrawing the invitation', (on) => withdraw(on), NotFoundError],
    [
      'editing the invited administrator',
      (on) => editAdministrator(on, alice, invited, { name: 'Bob' }),
      NotFoundError,
    ],
  ])('%s fails and does not create the invited administrator again', async (_, act, error) => {
    await expect(act(servicesWhile(() => replace(), 1))).rejects.toThrow(error);
    expect(await owner()).toMatchObject({ name: 'New Bo', status: 'provisional' });
  });
});

describe('while the link of an open invitation is opened,', () => {
  beforeEach(() => inviteAgain());

  it('the withdrawal of the invitation makes the link fail, and leaves the address free', async () => {
    await expect(open(servicesWhile(withdraw, 1))).rejects.toThrow(UnauthenticatedError);
    expect(await readEmail(services.table, email)).toBeUndefined();
  });

  it('a sign-up with the address does not disturb the invited person, who owns the address afterwards', async () => {
    await open(servicesWhile(signUp, 1));
    expect(await owner()).toMatchObject({ administratorId: invited, status: 'active' });
    const address = await readEmail(services.table, email);
    expect(address).toMatchObject({ administratorId: invited });
    expect(address).not.toHaveProperty('claim');
  });

  it('another link of the same invitation activates the administrator, and the first link opens no second session', async () => {
    const other = await linkTo(alice.customer.customerId, invited);
    const openOther = () => createSession(services, { token: other }, '192.0.2.1');
    await expect(open(servicesWhile(openOther, 1))).rejects.toThrow(UnauthenticatedError);
    const sessions = (await metering.dump()).filter(
      (item) => item['administratorId'] === invited && 'generation' in item,
    );
    expect(sessions).toHaveLength(1);
  });
});

describe('while an administrator withdraws an open invitation,', () => {
  beforeEach(() => inviteAgain());

  it('opening its link activates the administrator, who is then removed together with the address', async () => {
    await withdraw(servicesWhile(open, 1));
    expect(await readEmail(services.table, email)).toBeUndefined();
    expect(
      (await metering.dump()).filter((item) => item['administratorId'] === invited && 'privilege' in item),
    ).toEqual([]);
  });

  it('sending its e-mail leaves no claim of the removed administrator', async () => {
    await withdraw(servicesWhile(sendMails, 1));
    expect(await readEmail(services.table, email)).toBeUndefined();
  });

  it('a sign-up with the address keeps its claim', async () => {
    await sendMails();
    await withdraw(servicesWhile(signUp, 1));
    expect(await readEmail(services.table, email)).toMatchObject({ claim: { by: 'sign-up' } });
  });

  it('an e-mail that is being sent after the removal claims nothing', async () => {
    const { services: mail } = mailServices(services.table);
    const waiting = (await metering.dump()).flatMap(({ mailId }) => (typeof mailId === 'string' ? [mailId] : []));
    // The first write counts the e-mail towards the limit of links, and the second write claims the address.
    const table = meanwhile(services.table, () => withdraw(), 2);
    for (const mailId of waiting.slice(-1)) await sendMail({ ...mail, clock: services.clock, table }, mailId);
    expect(await readEmail(services.table, email)).toBeUndefined();
  });
});
