import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RpDetailsView } from '../../functions/contract/rp-views.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const ANDROID = `android:apk-key-hash:${'A'.repeat(43)}`;
const defaults = {
  origins: ['https://shop.example.com'],
  topOrigins: [],
  userVerification: 'preferred',
  residentKey: 'preferred',
  attestation: 'none',
  timeoutSeconds: 300,
  signCount: 'refuse',
  backupEligibility: 'report',
  authenticators: { allow: null, deny: [] },
  requireTrustedAttestation: false,
  minimumCertification: null,
  uniqueUserNames: false,
};

let service: TestService;
let alice: SignedUp;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
let rp: RpDetailsView;
beforeEach(async () => {
  alice = await service.signUp();
  rp = await read((await service.newRp(alice.session)).id);
});

const read = async (id = rp.id) =>
  (await service.send(`GET /v1/rps/${id}`, { as: alice.session })).body as RpDetailsView;
const edit = (body: object, version?: number, id = rp.id) =>
  service.send(`PATCH /v1/rps/${id}`, {
    as: alice.session,
    body,
    ...(version !== undefined && { headers: { 'if-match': `"${version}"` } }),
  });
const set = (settings: object, id = rp.id) => edit({ settings }, undefined, id);
const storedSettings = async () => (await service.dump()).filter(({ sk }) => sk === `RP-SETTINGS#${rp.id}`);

describe('the settings of an RP', () => {
  it('have default values and version 1 until somebody edits the RP', async () => {
    const answer = await service.send(`GET /v1/rps/${rp.id}`, { as: alice.session });
    expect(answer.body).toMatchObject({ id: rp.id, rpId: 'shop.example.com', settings: defaults, version: 1 });
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(await storedSettings()).toEqual([]);
  });

  it('change only in the fields that an edit contains', async () => {
    await set({ timeoutSeconds: 60, userVerification: 'required' });
    const answer = await set({
      userVerification: 'discouraged',
      origins: ['https://login.shop.example.com:8443', ANDROID],
    });
    const expected = {
      ...defaults,
      timeoutSeconds: 60,
      userVerification: 'discouraged',
      origins: ['https://login.shop.example.com:8443', ANDROID],
    };
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ settings: expected, version: 3 });
    expect(answer.headers.get('etag')).toBe('"3"');
    expect(await read()).toEqual(answer.body);
  });

  it('return to their defaults with null', async () => {
    const deny = [AAGUID];
    await set({ timeoutSeconds: 60, origins: [ANDROID], signCount: 'report', authenticators: { deny } });
    const nulls = Object.fromEntries(Object.keys(defaults).map((name) => [name, null]));
    expect((await set(nulls)).body).toMatchObject({ settings: defaults, version: 3 });
    expect(await storedSettings()).toMatchObject([{ settings: {} }]);
  });

  it('keep one list of authenticators when the other one changes', async () => {
    await set({ requireTrustedAttestation: true, authenticators: { allow: [AAGUID.toUpperCase()] } });
    const other = AAGUID.replace('2f', '00');
    const both = { allow: [AAGUID], deny: [other] };
    expect((await set({ authenticators: { deny: [other] } })).body).toMatchObject({
      settings: { authenticators: both },
    });
    const denied = await set({ authenticators: { allow: null } });
    expect(denied.body).toMatchObject({ settings: { authenticators: { allow: null, deny: [other] } } });
  });

  it('do not change with an edit of the name, which increases the version too', async () => {
    await set({ timeoutSeconds: 60 });
    const answer = await edit({ name: 'Example Store' });
    expect(answer.body).toMatchObject({ name: 'Example Store', settings: { timeoutSeconds: 60 }, version: 3 });
  });

  it('are logged with the values before and after an edit', async () => {
    const begin = service.logged.length;
    await edit({ name: 'Example Store', settings: { timeoutSeconds: 60 } });
    const changes = service.logged.slice(begin).filter(({ message }) => message === 'change');
    expect(changes.map(({ fields }) => fields)).toMatchObject([
      {
        what: 'rp',
        before: { id: rp.id, name: 'Example Shop', settings: { timeoutSeconds: 300 } },
        after: { id: rp.id, name: 'Example Store', settings: { timeoutSeconds: 60 } },
      },
    ]);
  });

  it('are deleted with the RP', async () => {
    await set({ timeoutSeconds: 60 });
    expect(await storedSettings()).toHaveLength(1);
    expect((await service.send(`DELETE /v1/rps/${rp.id}`, { as: alice.session })).status).toBe(204);
    expect(await storedSettings()).toEqual([]);
    expect((await set({ timeoutSeconds: 60 })).status).toBe(404);
    expect(await storedSettings()).toEqual([]);
  });

  it('of another customer are not found', async () => {
    const bob = await service.signUp();
    const as = bob.session;
    expect((await service.send(`GET /v1/rps/${rp.id}`, { as })).status).toBe(404);
    expect((await service.send(`PATCH /v1/rps/${rp.id}`, { as, body: { settings: {} } })).status).toBe(404);
    expect((await service.send(`POST /v1/rps/${rp.id}/verification`, { as })).status).toBe(404);
  });
});

describe('an edit of an RP with If-Match', () => {
  it('is refused if another edit was faster, and changes nothing', async () => {
    expect((await edit({ settings: { timeoutSeconds: 60 } }, 1)).status).toBe(200);
    const answer = await edit({ name: 'Late', settings: { timeoutSeconds: 90 } }, 1);
    expect([answer.status, answer.body]).toMatchObject([412, { type: '/problems/version-conflict' }]);
    expect(await read()).toMatchObject({ name: 'Example Shop', settings: { timeoutSeconds: 60 }, version: 2 });
    expect((await edit({ name: 'On time' }, 2)).body).toMatchObject({ name: 'On time', version: 3 });
  });

  it('succeeds once if 10 are sent at the same time with the same version', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => edit({ settings: { timeoutSeconds: 30 + index } }, 1)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
    expect((await read()).version).toBe(2);
  });
});

it('10 edits of an RP without If-Match at the same time are all kept', async () => {
  const edits = [
    ...[{ timeoutSeconds: 60 }, { userVerification: 'required' }, { residentKey: 'required' }, { signCount: 'report' }],
    ...[{ attestation: 'direct' }, { backupEligibility: 'refuse' }, { origins: [ANDROID] }, { uniqueUserNames: true }],
    ...[{ topOrigins: ['https://portal.example'] }, { requireTrustedAttestation: true }],
  ];
  const answers = await Promise.all(edits.map((settings) => set(settings)));
  expect(answers.map(({ status }) => status)).toEqual(edits.map(() => 200));
  expect(await read()).toMatchObject({ settings: Object.assign({}, ...edits) as object, version: 11 });
});

describe('origins', () => {
  it.each<[string, string[]]>([
    ['the RP ID, with and without a port', ['https://shop.example.com', 'https://shop.example.com:8443']],
    ['subdomains', ['https://a.shop.example.com', 'https://a.b.shop.example.com:1']],
    ['an Android app', [ANDROID]],
    ['a parent domain of the RP ID, as a related origin', ['https://example.com']],
    [
      'the same name under many public suffixes',
      ['com', 'de', 'co.uk', 'co.jp', 'fr', 'it'].map((tld) => `https://example.${tld}`),
    ],
    ['4 other names', ['https://a.com', 'https://b.de', 'https://c.co.uk', 'https://d.github.io', 'https://x.a.com']],
    ['punycode', ['https://xn--9kq.example.com']],
  ])('can be on %s', async (_, origins) => {
    expect((await set({ origins })).body).toMatchObject({ settings: { origins } });
  });

  it('of a related kind are the content of /.well-known/webauthn that GET /v1/rp returns', async () => {
    const related = ['https://example.com', 'https://shop.example', 'https://notshop.example.com:444'];
    await set({ origins: ['https://shop.example.com', ...related, 'https://a.shop.example.com', ANDROID] });
    const { apiKey } = await service.newApiKey(alice.session, rp.id);
    const answer = await service.send('GET /v1/rp', { as: apiKey });
    const { version, ...expected } = await read();
    expect(version).toBe(2);
    expect([answer.status, answer.body]).toEqual([200, { ...expected, wellKnown: { origins: related } }]);
  });
});

describe('the RP ID localhost', () => {
  it('takes http://localhost with any port, and its domain need not be verified', async () => {
    const local = (await service.newRp((await service.signUp()).session, 'localhost')).id;
    expect(local).toMatch(/^rp_/);
    const carol = await service.signUp();
    const { id } = await service.newRp(carol.session, 'localhost');
    const send = (settings: object) => service.send(`PATCH /v1/rps/${id}`, { as: carol.session, body: { settings } });
    const origins = ['http://localhost', 'http://localhost:3000', 'https://localhost:8443'];
    const answer = await send({ origins, topOrigins: ['http://localhost:3001'] });
    expect(answer.body).toMatchObject({ settings: { origins }, verification: { required: false } });
    const refused = await send({ origins: ['http://localhost:3000', 'http://other.example'] });
    expect(refused.body).toMatchObject({ errors: [{ pointer: '#/settings/origins/1', code: 'not-https' }] });
  });
});

describe('settings that need trusted attestation', () => {
  const code = 'needs-trusted-attestation';
  it('are accepted together with it, and hold it in place', async () => {
    const trusted = { requireTrustedAttestation: true, authenticators: { allow: [AAGUID] } };
    expect((await set({ ...trusted, minimumCertification: 'FIDO_CERTIFIED_L1plus' })).status).toBe(200);
    const answer = await set({ requireTrustedAttestation: false });
    expect(answer.body).toMatchObject({ errors: [{ pointer: '#/settings/requireTrustedAttestation', code }] });
    const without = { requireTrustedAttestation: null, authenticators: null, minimumCertification: null };
    expect((await set(without)).body).toMatchObject({ settings: defaults });
  });

  it('are both named if both are wrong', async () => {
    const answer = await set({ authenticators: { allow: [AAGUID] }, minimumCertification: 'FIDO_CERTIFIED' });
    expect(answer.body).toMatchObject({
      errors: [
        { pointer: '#/settings/authenticators/allow', code },
        { pointer: '#/settings/minimumCertification', code },
      ],
    });
  });
});

describe('unique user names', () => {
  it('can be switched on only while the RP has no users', async () => {
    const { apiKey } = await service.newApiKey(alice.session, rp.id);
    await service.registerUsers(apiKey, ['user-1']);
    const answer = await set({ uniqueUserNames: true, timeoutSeconds: 60 });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { errors: [{ pointer: '#/settings/uniqueUserNames', code: 'rp-has-users' }] },
    ]);
    expect(await read()).toMatchObject({ settings: defaults, version: 1 });
    await service.send('DELETE /v1/rp/users/user-1', { as: apiKey });
    expect((await set({ uniqueUserNames: true })).body).toMatchObject({ settings: { uniqueUserNames: true } });
  });

  it('stay on in later edits, and can be switched off at any time', async () => {
    const ofRp = async () => (await service.dump()).find(({ sk }) => sk === `RP#${rp.id}`);
    await set({ uniqueUserNames: true });
    expect(await ofRp()).toMatchObject({ uniqueUserNames: true });
    const { apiKey } = await service.newApiKey(alice.session, rp.id);
    await service.registerUsers(apiKey, ['user-1']);
    expect((await set({ uniqueUserNames: true, timeoutSeconds: 60 })).status).toBe(200);
    expect(await ofRp()).toMatchObject({ uniqueUserNames: true });
    expect((await set({ uniqueUserNames: false })).body).toMatchObject({ settings: { uniqueUserNames: false } });
    expect(await ofRp()).not.toHaveProperty('uniqueUserNames');
    expect((await set({ uniqueUserNames: true })).status).toBe(400);
  });
});
