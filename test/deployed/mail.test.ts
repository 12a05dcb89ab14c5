import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployJourney, takeJourney, type Journey } from './journey.ts';

let journey: Journey;
beforeAll(async () => {
  journey = await deployJourney();
});
afterAll(() => journey.stop());

/** SES as the other tests expect it: outside the sandbox, with a verified sender, and without a refusal. */
afterEach(() => Object.assign(journey.cloud.ses.account, { isInSandbox: false, isVerified: true, refusal: undefined }));

let people = 0;
/** Signs up a customer, which makes the service send a link. Returns the address, a new one by default. */
async function signUp(email = `mail-${(people += 1)}@example.com`): Promise<string> {
  await journey.send('POST /v1/customers', {
    body: { customer: { name: 'Example Corporation' }, representative: { name: 'Alice Arai', email } },
  });
  return email;
}
const metric = (name: string) =>
  journey.log.filter(({ message, fields }) => message === 'metric' && fields['name'] === name).length;
/** Returns how many e-mails to an address SES delivered, once the service has handled all e-mails. */
async function delivered(email: string): Promise<number> {
  return ((await journey.send(`GET /_local/mail?to=${encodeURIComponent(email)}`)) as unknown[]).length;
}

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
    const failed = metric('FailedMails');
    account.isVerified = false;
    const email = await signUp();
    await expect.poll(() => metric('FailedMails')).toBeGreaterThan(failed);

    account.isVerified = true;
    await expect(journey.linkTo(email)).resolves.toMatch(/^lnk_/);
    expect(metric('RefusedMails')).toBe(0);
  });

  it('is sent in the sandbox to a verified address, and to no other', async () => {
    const { account } = journey.cloud.ses;
    const refused = metric('RefusedMails');
    account.isInSandbox = true;
    account.identities.add('operator@example.org');
    const operator = await signUp('operator@example.org');
    const stranger = await signUp('stranger@example.net');

    await expect(journey.linkTo(operator)).resolves.toMatch(/^lnk_/);
    await expect.poll(() => metric('RefusedMails')).toBe(refused + 1);
    await expect(delivered(stranger)).resolves.toBe(0);
    // The sender's own domain is verified, so the sandbox allows every address of it.
    await expect(journey.linkTo(await signUp())).resolves.toMatch(/^lnk_/);
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
