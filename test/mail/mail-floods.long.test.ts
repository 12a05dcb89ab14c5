import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('in a flood of e-mails,', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  const requestLink = (email: string) => service.send('POST /v1/sign-in-links', { body: { email } });

  it('a stranger who keeps requesting links for an address does not prevent an invitation to it', async () => {
    const alice = await service.signUp();
    const email = service.newEmail();
    const body = { name: 'Ivy', email, privilege: 'administrator' };
    const added = await service.send('POST /v1/administrators', { as: alice.session, body });
    for (let times = 0; times < 10; times += 1) expect((await requestLink(email)).status).toBe(202);
    expect(await service.mailsTo(email)).toHaveLength(4);

    const { id } = added.body as { id: string };
    const again = await service.send(`POST /v1/administrators/${id}/activation-links`, { as: alice.session });
    expect(again.body).toMatchObject({ linkLimit: { atOnce: 5, thenEveryMinutes: 12 } });
    expect(await service.mailsTo(email)).toHaveLength(5);
    await service.pass(10 * MINUTE);
    await requestLink(email);
    expect(await service.mailsTo(email)).toHaveLength(6);
  });

  it('a customer that changes its representative back and forth causes 60 notices an hour, and one e-mail for the rest', async () => {
    const alice = await service.signUp();
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const { passkey } = await service.addPasskey(alice.session);
    for (let times = 0; times < 34; times += 1) {
      const session = await service.signInByPasskey(passkey);
      const view = await service.send('GET /v1/customer', { as: session });
      const administratorId = times % 2 === 0 ? bob.administratorId : alice.administratorId;
      const answer = await service.send('PUT /v1/customer/representative', {
        as: session,
        headers: { 'if-match': view.headers.get('etag') ?? '' },
        body: { administratorId },
      });
      expect(answer.status).toBe(200);
    }
    // Each change causes two notices.
    expect(await noticesTo(alice, bob)).toBe(60);
    expect((await requestLink(bob.email)).status).toBe(202);
    expect((await service.mailsTo(bob.email)).at(-1)?.subject).toMatch(/^Sign in/);

    await service.pass(HOUR + 2 * MINUTE);
    for (const { email } of [alice, bob]) {
      const combined = (await service.mailsTo(email)).filter(({ subject }) => subject.startsWith('Several changes'));
      expect(combined).toHaveLength(1);
      expect(combined[0]?.text).toMatch(/The representative was changed: \d ×/);
    }
  });

  async function noticesTo(...people: Pick<SignedUp, 'email'>[]): Promise<number> {
    const mails = await Promise.all(people.map(({ email }) => service.mailsTo(email)));
    return mails.flat().filter(({ text }) => !text.includes('#token=')).length;
  }
});
