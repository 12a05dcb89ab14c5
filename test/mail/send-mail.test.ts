import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { UnauthenticatedError } from '../../functions/domain/errors.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { requestSignInLink } from '../../functions/domain/signing-in/request-sign-in-link.ts';
import { sendMail } from '../../functions/domain/mail/send-mail.ts';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { MailRejectedError, type Mailer } from '../../functions/email/mailer.ts';
import { deleteAdministrator, readAdministrator } from '../../functions/table/administrators.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { readLink } from '../../functions/table/signing-in/links.ts';
import { putMail, readMail } from '../../functions/table/mails.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { setStatus } from '../support/customer-status.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { failWrite, InjectedFault } from '../support/table-faults.ts';
import { mailServices, tokenIn, waitingMails } from '../support/mail-services.ts';

const alice = 'alice@example.com';
let table: TestTable['table'];
let dump: TestTable['dump'];
let mail: ReturnType<typeof mailServices>;
beforeEach(async () => {
  ({ table, dump } = await openTestTable());
  mail = mailServices(table);
});

/** Stores an e-mail that the service has not sent yet, and returns the ID of the e-mail. */
async function leave(toSend: Parameters<typeof newMail>[0]): Promise<string> {
  const [made, ttl] = newMail(toSend, mail.clock.now(), undefined);
  await putMail(table, made, ttl);
  return made.mailId;
}
const signInMail = (to = alice) => leave({ template: 'sign-in', to });

const { waiting, sendWaiting } = waitingMails(() => ({ dump, mail }));
/** Returns the e-mail that was sent last. */
function latest() {
  const message = mail.outbox.at(-1);
  if (!message) throw new Error('Nothing was sent');
  return message;
}
const signIn = (token: string) => createSession(mail.services, { token }, '192.0.2.1');

async function signUp(email = alice): Promise<{ customerId: string; administratorId: string }> {
  await signUpCustomer(
    mail.services,
    {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    },
    '192.0.2.1',
  );
  const owner = await readEmail(table, email);
  if (!owner) throw new Error('Not signed up');
  return owner;
}
/**
 * Alice's e-mail address and session generation at the time when Alice requests a change of the address. The session
 * generation is a number that increases when an administrator loses rights.
 */
const replaces = { email: alice, sessionGeneration: 0 };

/**
 * Signs up and activates a customer, and then clears the list of sent e-mails and the log. Returns the IDs of the
 * customer and of its representative.
 */
async function signUpActive(email = alice) {
  const ids = await signUp(email);
  await sendWaiting();
  await signIn(tokenIn(latest()));
  mail.outbox.length = 0;
  mail.lines.length = 0;
  mail.clock.time += HOUR;
  return ids;
}
async function unsubscribe(customerId: string): Promise<void> {
  await setStatus(table, customerId, 'unsubscribing');
}

describe('a link', () => {
  it.each([
    { state: 'provisional', template: 'activation', page: 'sign-in', lasts: DAY },
    { state: 'provisional', template: 'sign-in', page: 'sign-in', lasts: DAY },
    { state: 'active', template: 'activation', page: 'sign-in', lasts: 15 * MINUTE },
    { state: 'active', template: 'sign-in', page: 'sign-in', lasts: 15 * MINUTE },
  ] as const)(
    'in the e-mail “$template” works for $lasts ms if the state of the administrator is $state',
    async ({ state, template, page, lasts }) => {
      await (state === 'active' ? signUpActive() : signUp());
      const mailIds = [await leave({ template, to: alice }), await leave({ template, to: alice })];
      for (const mailId of mailIds) expect(await sendMail(mail.services, mailId)).toBe('sent');

      const [first, second] = mail.outbox.map(tokenIn);
      expect(latest()).toMatchObject({ to: alice });
      expect(latest().text).toContain(`\nhttps://console.example/${page}#token=${second}\n`);
      expect(latest().text).toContain(lasts === DAY ? 'within 24 hours' : 'within 15 minutes');
      expect(latest().subject).toMatch(state === 'active' ? /^Sign in/ : /^Activate/);

      mail.clock.time += lasts - 1;
      expect(await signIn(first ?? '')).toMatchObject({ administrator: { email: alice, status: 'active' } });
      mail.clock.time += 1;
      await expect(signIn(second ?? '')).rejects.toThrow(UnauthenticatedError);
      expect(await waiting()).not.toContain(mailIds[0]);
    },
  );

  it('in the e-mail “email-confirmation” is sent to the new address and cannot be used to sign in', async () => {
    const { customerId, administratorId } = await signUpActive();
    const to = 'alice@new.example';
    const mailId = await leave({ template: 'email-confirmation', to, customerId, administratorId, replaces });

    expect(await sendMail(mail.services, mailId)).toBe('sent');
    const token = tokenIn(latest());
    expect(latest().to).toBe(to);
    expect(latest().text).toContain(`\nhttps://console.example/confirm-email#token=${token}\n`);
    expect(await readLink(table, token)).toMatchObject({
      purpose: 'email-confirmation',
      customerId,
      administratorId,
      email: to,
      expiresAt: mail.clock.now() + DAY,
    });
    await expect(signIn(token)).rejects.toThrow(UnauthenticatedError);
  });

  it.each([
    ['the old address', { email: 'alice@old.example', sessionGeneration: 0 }],
    ['the session generation of the administrator', { email: alice, sessionGeneration: 1 }],
  ])('in the e-mail “email-confirmation” is not sent if %s has changed since the request', async (_, replaced) => {
    const ids = await signUpActive();
    const mailId = await leave({ template: 'email-confirmation', to: 'alice@new.example', ...ids, replaces: replaced });

    expect(await sendMail(mail.services, mailId)).toBe('not-sent');
    expect(mail.outbox).toEqual([]);
  });

  it.each(['activation', 'sign-in'] as const)(
    'in the e-mail “%s” is not sent to an unknown address',
    async (template) => {
      const mailId = await leave({ template, to: 'nobody@example.com' });

      expect(await sendMail(mail.services, mailId)).toBe('not-sent');
      expect(mail.outbox).toEqual([]);
      expect(await dump()).toEqual([]);
    },
  );

  it('is not sent while the customer is unsubscribing', async () => {
    const { customerId, administratorId } = await signUpActive();
    await unsubscribe(customerId);
    const confirmation = { template: 'email-confirmation', customerId, administratorId, replaces } as const;
    const mailIds = [await signInMail(), await leave({ ...confirmation, to: 'alice@new.example' })];

    for (const mailId of mailIds) expect(await sendMail(mail.services, mailId)).toBe('not-sent');
    expect(mail.outbox).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('in the e-mail “email-confirmation” is not sent if the address is taken or the administrator was removed', async () => {
    const { customerId, administratorId } = await signUpActive();
    await signUpActive('bob@example.com');
    const confirm = (to: string) =>
      leave({ template: 'email-confirmation', to, customerId, administratorId, replaces }).then((mailId) =>
        sendMail(mail.services, mailId),
      );

    expect(await confirm('bob@example.com')).toBe('not-sent');
    const administrator = await readAdministrator(table, customerId, administratorId, 'strong');
    await transact(table, { removed: administrator && deleteAdministrator(administrator) });
    expect(await confirm('alice@new.example')).toBe('not-sent');
    expect(mail.outbox).toEqual([]);
    expect(await waiting()).toEqual([]);
  });
});

describe('the limit of links', () => {
  beforeEach(() => signUpActive());
  const ask = async () => sendMail(mail.services, await signInMail());
  /** Sends an invitation from a customer to Alice. */
  const invite = async (customerId: string, to = alice) =>
    sendMail(mail.services, await leave({ template: 'activation', to, customerId }));
  const askOften = async (times: number, how: () => Promise<string>) => {
    const outcomes = [];
    for (let time = 0; time < times; time += 1) outcomes.push(await how());
    return outcomes.filter((outcome) => outcome === 'sent').length;
  };

  it('allows people who are not signed in 3 links in a row to an address, and then one every 10 minutes', async () => {
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual(['sent', 'sent', 'sent', 'not-sent']);
    for (let times = 0; times < 6; times += 1) {
      mail.clock.time += 10 * MINUTE;
      expect([await ask(), await ask()]).toEqual(['sent', 'not-sent']);
    }
    expect(await waiting()).toEqual([]);
    expect(mail.metrics).toContainEqual(['LimitedLinks', 1]);
  });

  it('always leaves the owner of an address a link that works, even if a stranger keeps requesting links', async () => {
    for (let times = 0; times < 20; times += 1) {
      await ask();
      mail.clock.time += 3 * MINUTE;
    }

    expect(await signIn(tokenIn(latest()))).toMatchObject({ administrator: { email: alice } });
  });

  it('allows exactly 3 of 20 links that are requested at the same time', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, ask));

    expect(asked.filter((outcome) => outcome === 'sent')).toHaveLength(3);
    expect(new Set(mail.outbox.map(tokenIn)).size).toBe(3);
    expect(await waiting()).toEqual([]);
  });

  it('allows links again when the clock is set back by more than an hour', async () => {
    for (let link = 0; link < 6; link += 1) await ask();
    mail.clock.time -= DAY;

    expect(await ask()).toBe('sent');
  });

  it('counts the links to each address separately', async () => {
    for (let link = 0; link < 5; link += 1) await ask();
    await signUp('bob@example.com');

    expect(await ask()).toBe('not-sent');
    expect(await sendMail(mail.services, await signInMail('bob@example.com'))).toBe('sent');
  });

  it('allows a customer 5 links to an address, even after strangers have requested too many', async () => {
    for (let link = 0; link < 5; link += 1) await ask();

    expect(await askOften(8, () => invite('cus_a'))).toBe(5);
    expect(await ask()).toBe('not-sent');
  });

  it('counts the links that each customer causes separately, up to 20 links to an address', async () => {
    const customers = ['cus_a', 'cus_b', 'cus_c', 'cus_d', 'cus_e'];
    const sent = [];
    for (const customerId of customers) sent.push(await askOften(6, () => invite(customerId)));

    expect(sent).toEqual([5, 5, 5, 5, 0]);
  });

  it('does not apply to notifications, which contain no token', async () => {
    for (let link = 0; link < 6; link += 1) await ask();
    mail.outbox.length = 0;
    const changed = { customerName: 'Example Corporation', oldName: 'Alice', newName: 'Bob', changedBy: 'Carol' };
    const replaced = { name: 'Alice', newEmail: 'alice@new.example', isRepresentative: true };
    const mailIds = [
      await leave({ template: 'representative-changed', to: alice, ...changed }),
      await leave({ template: 'email-changed', to: alice, ...replaced }),
    ];

    for (const mailId of mailIds) expect(await sendMail(mail.services, mailId)).toBe('sent');
    expect(mail.outbox.map(({ to }) => to)).toEqual([alice, alice]);
    expect(mail.outbox.map(({ text }) => text).join()).not.toContain('token');
    expect(await waiting()).toEqual([]);
  });
});

describe('an e-mail', () => {
  beforeEach(() => signUpActive());

  it('is not sent a second time', async () => {
    const mailId = await signInMail();

    expect(await sendMail(mail.services, mailId)).toBe('sent');
    expect(await sendMail(mail.services, mailId)).toBe('not-sent');
    expect(mail.outbox).toHaveLength(1);
  });

  it('stays in the table if SES fails, and is sent once at the next try', async () => {
    const mailId = await signInMail();
    const failing = { send: () => Promise.reject(new Error('Service Unavailable')) };

    await expect(sendMail({ ...mail.services, mailer: failing }, mailId)).rejects.toThrow('Service Unavailable');
    expect(await readMail(table, mailId)).toBeDefined();
    expect(await sendMail(mail.services, mailId)).toBe('sent');
    expect(mail.outbox).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    expect(mail.metrics).toEqual([]);
  });

  it('counts once towards the limit of links, no matter how often SES fails', async () => {
    const mailId = await signInMail();
    const failing: Mailer = { send: () => Promise.reject(new Error('Service Unavailable')) };

    for (let tries = 0; tries < 6; tries += 1) {
      await expect(sendMail({ ...mail.services, mailer: failing }, mailId)).rejects.toThrow('Service Unavailable');
    }
    expect(await sendMail(mail.services, mailId)).toBe('sent');
    const others = [];
    for (let other = 0; other < 3; other += 1) others.push(await sendMail(mail.services, await signInMail()));
    expect(others).toEqual(['sent', 'sent', 'not-sent']);
  });

  it('is deleted, logged and counted in a metric if SES refuses it permanently', async () => {
    const mailId = await signInMail();
    const refusing = { send: () => Promise.reject(new MailRejectedError('SES refused the e-mail')) };

    expect(await sendMail({ ...mail.services, mailer: refusing }, mailId)).toBe('not-sent');
    expect(await waiting()).toEqual([]);
    expect(mail.lines).toContainEqual(
      expect.objectContaining({ mailId, error: expect.any(MailRejectedError) as unknown }),
    );
    expect(mail.metrics).toEqual([['RefusedMails', 1]]);
  });

  // Write 1 counts the link towards the limit, and write 2 stores the link. Write 3 deletes the e-mail after SES has
  // accepted the e-mail.
  it.each([
    { nth: 1, when: 'before', sent: 1 },
    { nth: 1, when: 'after', sent: 1 },
    { nth: 2, when: 'before', sent: 1 },
    { nth: 2, when: 'after', sent: 1 },
    { nth: 3, when: 'before', sent: 2 },
    { nth: 3, when: 'after', sent: 1 },
  ] as const)('is sent $sent time(s) if the process dies $when write $nth', async ({ nth, when, sent }) => {
    const mailId = await signInMail();
    failWrite(table, nth, when);

    await expect(sendMail(mail.services, mailId)).rejects.toThrow(InjectedFault);
    await sendMail(mail.services, mailId);
    await sendMail(mail.services, mailId);
    expect(mail.outbox).toHaveLength(sent);
    expect(await waiting()).toEqual([]);
    for (const message of mail.outbox) {
      expect(await signIn(tokenIn(message))).toMatchObject({ administrator: { email: alice } });
    }
  });

  it('is sent at most twice if two processes send it at the same time, and the link in each copy works', async () => {
    const mailId = await signInMail();

    const outcomes = await Promise.all([sendMail(mail.services, mailId), sendMail(mail.services, mailId)]);
    expect(outcomes).toContain('sent');
    expect(mail.outbox).toHaveLength(outcomes.filter((outcome) => outcome === 'sent').length);
    expect(await waiting()).toEqual([]);
    for (const message of mail.outbox) {
      expect(await signIn(tokenIn(message))).toMatchObject({ administrator: { email: alice } });
    }
  });
});

it('the token of a link appears neither in the table nor in the log', async () => {
  await signUp();
  await sendWaiting();
  await requestSignInLink(mail.services, { email: alice });
  await sendWaiting();
  await signInMail();
  const [mailId = ''] = await waiting();
  const failing: Mailer = {
    send: (message) => {
      mail.outbox.push(message);
      return Promise.reject(new Error('Service Unavailable'));
    },
  };
  await expect(sendMail({ ...mail.services, mailer: failing }, mailId)).rejects.toThrow('Service Unavailable');

  const tokens = mail.outbox.map(tokenIn);
  expect(tokens).toHaveLength(3);
  const kept = inspect([await dump(), mail.lines], { depth: Infinity, showHidden: true, maxStringLength: Infinity });
  expect(kept).toContain(alice);
  for (const token of tokens) expect(kept).not.toContain(token.slice('lnk_'.length));
  expect(kept).not.toContain('token=');
  expect(kept).not.toContain('lnk_');
});
