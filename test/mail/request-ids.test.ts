import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../functions/domain/time.ts';
import { mailRules } from '../../functions/domain/mail/mail-rules.ts';
import { startTestService, type TestService } from '../support/service.ts';

type Line = TestService['logged'][number];

describe('the ID of the request that causes an e-mail', () => {
  let service: TestService;
  let logged: readonly Line[];
  beforeAll(async () => {
    service = await startTestService();
    const { send } = service;
    const owner = await service.signUp();
    const { passkey } = await service.addPasskey(owner.session);
    const added = await service.addPasskey(await service.signInByPasskey(passkey));
    let as = await service.signInByPasskey(passkey);
    await send(`DELETE /v1/passkeys/${added.id}`, { as });
    const bob = await service.addAdministrator(as, 'privileged');
    await service.operate({ command: 'set-license', customerId: owner.customerId, type: 'free', notify: true });
    const newAddress = service.newEmail();
    await send('PUT /v1/administrators/me/email', { as, body: { email: newAddress } });
    await send('POST /v1/email-confirmations', { body: { token: await service.linkTo(newAddress) } });
    as = await service.signInByPasskey(passkey);
    const { headers } = await send('GET /v1/customer', { as });
    await send('PUT /v1/customer/representative', {
      as,
      body: { administratorId: bob.administratorId },
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    const { session } = bob;
    await send('POST /v1/customer/unsubscription', { as: session, body: { confirmation: 'Example Corporation' } });
    await send('DELETE /v1/customer/unsubscription', { as: session });
    // Alice recovers the account, and Bob undoes the recovery.
    const recovered = await service.signIn(newAddress);
    await service.addPasskey(recovered);
    await send(`DELETE /v1/administrators/${owner.administratorId}/recovery`, { as: session });
    const { customerId } = owner;
    const address = service.newEmail();
    await service.operate({ command: 'set-representative-email', customerId, email: address });
    await service.mailsTo(address);
    // The operator ends the customer, and the service discards it and confirms this by e-mail.
    await service.operate({ command: 'end-customer', customerId, confirmation: 'Example Corporation' });
    await service.pass(MINUTE);
    await service.operate({ command: 'list-final-statements', customerId });
    await service.operate({ command: 'discard-ended-customer', customerId });
    await send('POST /_local/schedules/begin-discarding');
    await service.pass(MINUTE);
    ({ logged } = service);
    await vi.waitFor(
      async () => {
        const mails = await service.mailsTo(address);
        expect(mails.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('was closed'));
      },
      { timeout: 30_000, interval: 200 },
    );
  });
  afterAll(() => service.stop());

  const idOf = ({ fields }: Line) => fields['requestId'];
  const sent = () => logged.filter(({ message }) => message === 'an e-mail was sent');

  it('is in the log line about each e-mail of every kind that requests and commands cause', () => {
    const templates = new Set(sent().map(({ fields }) => fields['template']));

    // An e-mail that combines notices has several causes, and scheduled runs cause the other three.
    const others = ['combined-notices', 'license-ending', 'users-near-maximum', 'statement-ready'];
    expect([...templates, ...others].sort()).toEqual(Object.keys(mailRules).sort());
    expect(sent().filter((line) => typeof idOf(line) !== 'string')).toEqual([]);
  });

  it('leads from the line about an e-mail to the lines of its request and of its stream record', () => {
    for (const line of sent()) {
      const { template } = line.fields;
      const messages = logged.filter((other) => idOf(other) === idOf(line)).map(({ message }) => message);
      expect(messages, String(template)).toContain('an e-mail was forwarded');
      // The discarding worker, which causes the e-mail `unsubscribed`, logs nothing else in the same invocation.
      if (template === 'unsubscribed') continue;
      expect(messages, String(template)).toEqual(expect.arrayContaining([expect.stringMatching(/^(request|change)$/)]));
    }
  });
});
