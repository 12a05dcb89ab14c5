import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployJourney, takeJourney, type Journey } from './journey.ts';

let journey: Journey;
beforeAll(async () => {
  journey = await deployJourney();
});
afterAll(() => journey.stop());

let people = 0;
/** Signs up a customer with a new address, which makes the service send a link. Returns the address. */
async function signUp(): Promise<string> {
  const email = `mail-${(people += 1)}@example.com`;
  await journey.send('POST /v1/customers', {
    body: { customer: { name: 'Example Corporation' }, representative: { name: 'Alice Arai', email } },
  });
  return email;
}
const metric = (name: string) =>
  journey.log.filter(({ message, fields }) => message === 'metric' && fields['name'] === name).length;

describe('an e-mail of the deployed service', () => {
  it('has the sender, the configuration set and the rights that the templates give', async () => {
    const email = await signUp();
    await expect(journey.linkTo(email)).resolves.toMatch(/^lnk_/);
  });

  it('arrives later if SES throttles it first', async () => {
    const { account } = journey.cloud.ses;
    account.refusal = { code: 'Throttling', message: 'Maximum sending rate exceeded.' };
    const email = await signUp();
    await expect.poll(() => metric('FailedMails')).toBeGreaterThan(0);
    expect(journey.cloud.ses.mails.some(({ to }) => to === email)).toBe(false);

    account.refusal = undefined;
    await expect(journey.linkTo(email)).resolves.toMatch(/^lnk_/);
  });

  it('arrives later if the DNS does not prove the identity of the sender yet', async () => {
    const { account } = journey.cloud.ses;
    account.isVerified = false;
    const email = await signUp();
    const requested = () => journey.log.filter(({ message }) => /refused|could not be sent/.test(message)).length;
    await expect.poll(requested).toBeGreaterThan(0);
    expect(journey.cloud.ses.mails.some(({ to }) => to === email)).toBe(false);
    account.isVerified = true;
  });

  it('is sent in the sandbox, but only to a verified address', async () => {
    const { account } = journey.cloud.ses;
    account.isInSandbox = true;
    const [stranger, operator] = [await signUp(), `mail-${people + 1}@example.org`];
    account.identities.add(operator);
    await journey.send('POST /v1/customers', {
      body: { customer: { name: 'Operator' }, representative: { name: 'Olga Ono', email: operator } },
    });
    await expect(journey.linkTo(operator)).resolves.toMatch(/^lnk_/);
    // The sender's own domain is verified, so the sandbox allows every address of it.
    await expect(journey.linkTo(stranger)).resolves.toMatch(/^lnk_/);
    account.isInSandbox = false;
    expect(journey.cloud.denials).toEqual([]);
  });

  it('to an address on the suppression list makes the administrator undeliverable', async () => {
    const { session, email } = await takeJourney(journey, 'suppressed@example.com');
    journey.cloud.ses.account.suppressed.add(email);

    await journey.send('POST /v1/sign-in-links', { body: { email } });
    await journey.send('GET /_local/mail');

    await expect
      .poll(() => journey.send('GET /v1/customer', { as: session }))
      .toMatchObject({
        representative: { email, undeliverable: true },
      });
  });

  it('that bounces reaches the function through the topic and its subscription', async () => {
    const { session, email } = await takeJourney(journey, 'bouncing@example.com');
    const [mail] = journey.cloud.ses.mails.filter(({ to }) => to === email);

    await journey.send(`POST /_local/mail/${String(mail?.id)}/events`, { body: { type: 'bounce' } });

    await expect(journey.send('GET /v1/customer', { as: session })).resolves.toMatchObject({
      representative: { email, undeliverable: true },
    });
    expect(journey.cloud.denials).toEqual([]);
  });
});
