import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const settingsOf = async (as: string) =>
  ((await service.send('GET /v1/sessions/current', { as })).body as { mailSettings: unknown }).mailSettings;
const set = (as: string, body: object) => service.send('PUT /v1/administrators/me/mail-settings', { as, body });
const all = (gets: boolean) => ({ license: gets, users: gets, statements: gets });
const latestTo = async (email: string) => (await service.mailsTo(email)).at(-1);
const isJapanese = (text: string | undefined) => /[ぁ-ん]/.test(text ?? '');

/** Signs up a customer, and returns the representative. */
async function signUp(language?: string, headers?: Record<string, string>): Promise<SignedUp & { mail: string }> {
  const email = service.newEmail();
  const representative = { name: 'Alice Arai', email, ...(language && { language }) };
  await service.send('POST /v1/customers', {
    body: { customer: { name: 'Example Corporation' }, representative },
    ...(headers && { headers }),
  });
  const mail = (await latestTo(email))?.text ?? '';
  const person = await service.openLink(await service.linkTo(email));
  const { body } = await service.send('GET /v1/customer', { as: person.session });
  const customerId = (body as { customer: { id: string } }).customer.id;
  return { ...person, customerId, mail };
}

it('keeps the language of the sign-up, and otherwise the language that the browser prefers, or English', async () => {
  const chosen = await signUp('ja', { 'accept-language': 'en' });
  expect(isJapanese(chosen.mail)).toBe(true);
  expect(await settingsOf(chosen.session)).toEqual({ language: 'ja', notices: all(true) });

  const preferring = await signUp(undefined, { 'accept-language': 'fr, en;q=0.5, ja-JP;q=0.8' });
  expect(isJapanese(preferring.mail)).toBe(true);
  const other = await signUp(undefined, { 'accept-language': 'fr' });
  expect(isJapanese(other.mail)).toBe(false);
  expect(await settingsOf(other.session)).toMatchObject({ language: 'en' });
});

it('sends a sign-in link in the language of the administrator, who can change it', async () => {
  const { session, email } = await signUp('ja');
  await service.signIn(email);
  expect((await latestTo(email))?.subject).toBe('FIDO2 Server Service へのサインイン');

  expect((await set(session, { language: 'en', notices: all(true) })).status).toBe(200);
  await service.signIn(email);
  expect((await latestTo(email))?.subject).toBe('Sign in to the FIDO2 Server Service');
  expect((await latestTo(email))?.html).toContain('<html lang="en">');
});

it('invites in the language of the inviting administrator, and then keeps the language of the activation', async () => {
  const { session } = await signUp('ja');
  const invite = async () => {
    const email = service.newEmail();
    const body = { name: 'Bob Baba', email, privilege: 'administrator' };
    expect((await service.send('POST /v1/administrators', { as: session, body })).status).toBe(201);
    expect(isJapanese((await latestTo(email))?.text)).toBe(true);
    return email;
  };
  const token = await service.linkTo(await invite());
  const opened = await service.send('POST /v1/sessions', { body: { token, language: 'en' } });
  const { sessionToken } = opened.body as { sessionToken: string };
  expect(await settingsOf(sessionToken)).toEqual({ language: 'en', notices: all(false) });

  const silent = await service.openLink(await service.linkTo(await invite()));
  expect(await settingsOf(silent.session)).toMatchObject({ language: 'ja' });
});

it('does not change the language of a person who signs in again from a browser in another language', async () => {
  const { session, email } = await signUp('ja');
  await service.send('POST /v1/sign-in-links', { body: { email } });
  const token = await service.linkTo(email);
  expect((await service.send('POST /v1/sessions', { body: { token, language: 'en' } })).status).toBe(201);
  expect(await settingsOf(session)).toMatchObject({ language: 'ja' });
});

it('gives the notices to the representative by default, and to others who choose them', async () => {
  const { session, customerId, email } = await signUp('en');
  const bob = await service.addAdministrator(session, 'administrator');
  const carol = await service.addAdministrator(session, 'privileged');
  expect((await set(bob.session, { language: 'ja', notices: { ...all(false), license: true } })).body).toEqual({
    language: 'ja',
    notices: { license: true, users: false, statements: false },
  });
  await service.setLicense(customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 50, notify: true });
  await service.drain();

  expect((await latestTo(email))?.subject).toBe('“Example Corporation”: the Business license was set');
  expect((await latestTo(bob.email))?.subject).toBe('「Example Corporation」にBusinessライセンスが設定されました');
  expect((await latestTo(bob.email))?.text).toContain('受け取りを選択した方');
  expect((await latestTo(carol.email))?.subject).not.toContain('license');

  await set(session, { language: 'en', notices: { ...all(true), license: false } });
  await service.setLicense(customerId, { type: 'business', endsAt: '2037-01-01T00:00:00Z', notify: true });
  await service.setLicense(customerId, { type: 'business', endsAt: '2038-01-01T00:00:00Z' });
  await service.drain();
  const subjects = async (to: string) => (await service.mailsTo(to)).map(({ subject }) => subject);
  expect((await subjects(email)).filter((subject) => subject.includes('was set'))).toHaveLength(1);
  expect((await subjects(bob.email)).filter((subject) => subject.includes('設定されました'))).toHaveLength(2);
});

it('tells a new representative, who chose nothing, and still reports changes about security to everybody', async () => {
  const { session } = await signUp('en');
  const bob = await service.addAdministrator(session, 'privileged');
  await set(bob.session, { language: 'ja', notices: all(false) });
  const { headers } = await service.send('GET /v1/customer', { as: session });
  await service.send('PUT /v1/customer/representative', {
    as: session,
    body: { administratorId: bob.administratorId },
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  expect(await settingsOf(bob.session)).toEqual({ language: 'ja', notices: all(true) });
  await service.drain();
  expect((await latestTo(bob.email))?.subject).toBe('カスタマーの担当者が変更されました');
});
