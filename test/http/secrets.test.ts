import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { callFss, fssKeyTypes, newFssKey } from '../support/fss-client.ts';
import { callRoute, credentialFor, makeThings } from '../support/route-calls.ts';
import { startTestService, type TestService } from '../support/service.ts';

describe('secrets', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
    const made = await makeThings(service);
    const { alice, things } = made;
    const unused = service.newEmail();
    await service.send('POST /v1/customers', {
      body: { customer: { name: 'Unused' }, representative: { name: 'Ulf', email: unused } },
    });
    await service.linkTo(unused);
    for (const route of routes) {
      if (['delete-session', 'delete-sessions', 'delete-operator-session'].includes(route.name)) continue;
      await callRoute(service, route, things, credentialFor(route, made) ?? alice.session);
    }
    for (const type of fssKeyTypes) {
      const key = await newFssKey(
        service,
        alice.session,
        await service.newRp(alice.session, `${type}.example.com`),
        type,
      );
      // The 43 characters that end at the 91st contain the secret number of a private key. The public key follows.
      if (type !== 'access-key') service.secrets.add(key.secretKey.slice(0, 91));
      await callFss(service, key, 'noSuchCall', {});
      await callFss(service, { ...key, rpId: 'wrong.example.com' }, 'noSuchCall', {});
      await service.send(`POST /api/${key.secretKey}`, { as: key.secretKey, raw: key.secretKey });
    }
    // When the service refuses a passkey, it logs the reason. This log line must not contain a secret.
    const { passkey } = await service.addPasskey(alice.session);
    for (const deviations of [{ origin: 'https://evil.example' }, { isUserVerified: false }, { challenge: 'A' }, {}]) {
      const response = await service.answerWith(passkey, deviations);
      await service.send('POST /v1/sessions', { body: { passkey: response } });
      const made = await service.makePasskey(alice.session, deviations);
      await service.send('POST /v1/passkeys', { as: alice.session, body: { name: 'P', passkey: made.response } });
    }
    // Clients may put credentials in the wrong places: in paths, queries and bodies.
    for (const [secret] of service.secrets.entries()) {
      await service.send(`GET /v1/${secret}`, {
        as: `${secret}x`,
        headers: { cookie: `${service.cookieName}=${secret}` },
      });
      await service.send(`GET /v1/customer?token=${secret}`, { as: alice.session });
      await service.send('POST /v1/sign-in-links', { body: { email: secret } });
      await service.send('POST /v1/rps', { as: secret, raw: secret });
    }
    await service.send('GET /_local/mail');
  });
  afterAll(() => service.stop());

  /**
   * Returns the whole secret and its random part, which is the last 43 characters. The service must not store or log
   * either of these texts.
   */
  const forms = (secret: string) => [secret, secret.slice(-43)];

  it('in this test include session tokens, link tokens, API keys and challenges', () => {
    const kinds = [...service.secrets].map((secret) => secret.slice(0, 4));
    expect(kinds.filter((kind) => kind === 'ses_').length).toBeGreaterThanOrEqual(4);
    expect(kinds.filter((kind) => kind === 'lnk_').length).toBeGreaterThanOrEqual(6);
    expect(kinds.filter((kind) => kind === 'ops_').length).toBeGreaterThanOrEqual(2);
    expect(kinds.filter((kind) => kind === 'opl_').length).toBeGreaterThanOrEqual(2);
    expect(kinds.filter((kind) => kind === 'fido').length).toBeGreaterThanOrEqual(3);
    const challenges = [...service.secrets].filter((secret) => /^[\w-]{43}$/.test(secret));
    expect(challenges.length).toBeGreaterThanOrEqual(5);
  });

  it('are never stored in the table in a usable form', async () => {
    const dump = JSON.stringify(await service.dump());
    const found = [...service.secrets].filter((secret) => forms(secret).some((form) => dump.includes(form)));
    expect(found).toEqual([]);
    expect(dump).not.toMatch(/\b(ses|lnk|ops|opl)_[\w-]{43}|fido2_[0-9a-z]{20}_/);
  });

  it('do not appear in the log', () => {
    const log = service.loggedText();
    expect(service.logged.filter(({ message }) => message === 'request').length).toBeGreaterThan(60);
    const refusals = service.logged.filter(({ message }) => message === 'a passkey was not accepted');
    expect(refusals.map(({ fields }) => fields['reason'])).toEqual(
      expect.arrayContaining([expect.stringContaining('https://evil.example'), expect.stringContaining('verif')]),
    );
    const found = [...service.secrets].filter((secret) => forms(secret).some((form) => log.includes(form)));
    expect(found).toEqual([]);
  });

  it('do not appear in the log as part of an e-mailed link', () => {
    expect(service.loggedText()).not.toContain('#token=');
  });
});
