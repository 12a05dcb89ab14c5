import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import { decodeAttestationObject } from '../../functions/domain/webauthn/attestation-object.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { createBlobSigner, entryFor } from '../support/fido2/metadata.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';
import type { AuthenticatorOptions } from './support/authenticator.ts';
import { describeInBrowser } from './support/chromium.ts';
import { call, rpInBrowser, serveRpPage } from './support/rp-page.ts';
import { visit } from './support/visit.ts';

/** Ceremonies of an RP's users in Chromium, with the virtual authenticators of the DevTools protocol. */

interface Kind {
  readonly what: string;
  readonly authenticator: AuthenticatorOptions;
  /** Fields of a credential whose options prefer a discoverable credential and ask for an attestation. */
  readonly credential: object;
  readonly format: string;
  readonly verifiesUser: boolean;
  readonly isDiscoverable: boolean;
}
/** The AAGUID of Chromium's virtual authenticators. */
const AAGUID = '01020304-0506-0708-0102-030405060708';
const uncertain = (format: string) => ({ format, type: 'uncertain', trusted: false });

const KINDS: readonly Kind[] = [
  {
    what: 'a platform authenticator',
    authenticator: {},
    ...{ format: 'packed', verifiesUser: true, isDiscoverable: true },
    credential: { discoverable: true, transports: ['internal'], signCount: 1, authenticator: { aaguid: AAGUID } },
  },
  {
    what: 'a security key with a PIN',
    authenticator: { transport: 'usb' },
    ...{ format: 'packed', verifiesUser: true, isDiscoverable: true },
    credential: { discoverable: true, transports: ['usb'], signCount: 1, authenticator: { aaguid: AAGUID } },
  },
  {
    what: 'a security key with a PIN and without resident keys',
    authenticator: { transport: 'nfc', hasResidentKey: false },
    ...{ format: 'packed', verifiesUser: true, isDiscoverable: false },
    credential: { discoverable: false, transports: ['nfc'], signCount: 1, authenticator: { aaguid: AAGUID } },
  },
  {
    what: 'a security key without a PIN',
    authenticator: { transport: 'usb', hasUserVerification: false },
    ...{ format: 'packed', verifiesUser: false, isDiscoverable: false },
    // Chromium creates no resident key without user verification, and does not say so.
    credential: { discoverable: null, transports: ['usb'], signCount: 1, authenticator: { aaguid: AAGUID } },
  },
  {
    what: 'a security key without a PIN and without resident keys',
    authenticator: { transport: 'ble', hasResidentKey: false, hasUserVerification: false },
    ...{ format: 'packed', verifiesUser: false, isDiscoverable: false },
    credential: { discoverable: false, transports: ['ble'], signCount: 1, authenticator: { aaguid: AAGUID } },
  },
  {
    what: 'a U2F security key',
    authenticator: { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
    ...{ format: 'fido-u2f', verifiesUser: false, isDiscoverable: false },
    credential: { discoverable: false, transports: ['usb'], signCount: 0, authenticator: null },
  },
];

describeInBrowser('ceremonies of an RP in Chromium', () => {
  let service: TestService;
  let shop: { origin: string; stop: () => Promise<void> };
  let rp: TestRp;
  beforeAll(async () => {
    [service, shop] = await Promise.all([startTestService(), serveRpPage()]);
    await service.setClock('2026-11-02T08:00:00Z');
    rp = await rpWith();
  });
  afterAll(async () => {
    await service.stop();
    await shop.stop();
  });

  /** Registers an RP of a new customer. Its settings are in force at once, because nobody has used its API key. */
  async function rpWith(settings: object = {}): Promise<TestRp> {
    const made = await newTestRp(service, { rpId: 'localhost' });
    const body = { settings: { origins: [shop.origin], ...settings } };
    const { status } = await service.send(`PATCH /v1/rps/${made.rpRef}`, { as: made.owner.session, body });
    expect(status).toBe(200);
    return made;
  }

  let users = 0;
  const newUser = () => ({ userId: `user-${(users += 1)}`, createUser: true });
  /** Opens the page of an RP, in a browser with an authenticator. */
  async function open(authenticator: AuthenticatorOptions = {}, of = rp) {
    const visited = await visit({ url: shop.origin, authenticator });
    await visited.page.goto('/');
    return { ...visited, ...rpInBrowser(of, visited.page) };
  }
  const stepOf = ({ status, body }: Answer) => [status, (body as { step?: string }).step];
  const readCredential = (of: TestRp, userId: string, id: string) =>
    service.send(`GET /v1/rp/users/${userId}/credentials/${id}`, { as: of.apiKey });

  describe.each(KINDS)('with $what', ({ authenticator, credential, format, verifiesUser, isDiscoverable }) => {
    it('register one credential of a user, with or without an attestation, and sign in with the name of the user', async () => {
      const shopper = await open(authenticator);
      for (const attestation of ['direct', 'none'] as const) {
        const user = newUser();
        const { userId } = user;
        const created = await shopper.registered({ ...user, attestation });
        const isAttested = attestation === 'direct';
        const { authenticator: _, ...always } = credential as { authenticator: unknown };
        expect(created.credential).toMatchObject({
          ...(isAttested ? credential : always),
          ...{ algorithm: -7, userVerified: verifiesUser, backupEligible: false, backedUp: false },
          attestation: isAttested ? uncertain(format) : { format: 'none', type: 'none', trusted: false },
        });
        await expect(shopper.register({ userId })).rejects.toThrow('InvalidStateError');
        const { id } = created.credential;
        expect((await readCredential(rp, userId, id)).body).toEqual(created.credential);

        const signedIn = await shopper.signedIn({ userId });
        expect(signedIn).toMatchObject({ user: { userId }, userVerified: verifiesUser, credential: { id } });
        expect(signedIn.credential.signCount).toBeGreaterThan(created.credential.signCount);
      }
    });

    it('sign in without the name of the user if the credential is resident', async () => {
      const shopper = await open(authenticator);
      const required = { ...newUser(), authenticatorSelection: { residentKey: 'required' } } as const;
      if (!isDiscoverable) {
        await expect(shopper.register(required)).rejects.toThrow('NotAllowedError');
        await shopper.registered(newUser());
        await expect(shopper.authenticate()).rejects.toThrow('NotAllowedError');
        return;
      }
      const { user } = await shopper.registered(required);
      for (const body of [{}, { mediation: 'conditional' } as const]) {
        expect(await shopper.signedIn(body)).toMatchObject({
          user: { userId: user.userId },
          userVerified: verifiesUser,
        });
      }
    });

    it('require user verification if the RP does', async () => {
      const shopper = await open(authenticator);
      const userVerification = 'required';
      const required = { ...newUser(), authenticatorSelection: { userVerification } } as const;
      const user = newUser();
      await shopper.registered(user);
      const { userId } = user;
      if (!verifiesUser) {
        await expect(shopper.register(required)).rejects.toThrow('NotAllowedError');
        await expect(shopper.authenticate({ userId, userVerification })).rejects.toThrow('NotAllowedError');
        return;
      }
      expect((await shopper.registered(required)).credential.userVerified).toBe(true);
      expect((await shopper.signedIn({ userId, userVerification })).userVerified).toBe(true);
      // The flag is missing although the RP requires it.
      await shopper.authenticator.misbehaves({ isBadUV: true });
      const other = { ...newUser(), authenticatorSelection: { userVerification } } as const;
      expectProblem(await shopper.register(other), 403, 'user-verification-required');
      expectProblem(await shopper.authenticate({ userId, userVerification }), 403, 'user-verification-required');
      expect(await shopper.signedIn({ userId })).toMatchObject({
        userVerified: false,
        credential: { userVerified: true },
      });
    });
  });

  it('are refused if the authenticator does not test whether the user is present, or signs wrongly', async () => {
    const shopper = await open();
    const { user } = await shopper.registered(newUser());
    const { userId } = user;
    await shopper.authenticator.misbehaves({ isBadUP: true });
    expect(stepOf(await shopper.authenticate({ userId }))).toEqual([400, 'user-presence']);
    expect(stepOf(await shopper.register(newUser()))).toEqual([400, 'user-presence']);
    await shopper.authenticator.misbehaves({ isBogusSignature: true });
    expect(stepOf(await shopper.authenticate({ userId }))).toEqual([400, 'signature']);
    await shopper.authenticator.misbehaves({});
    expect((await shopper.authenticate({ userId })).status).toBe(200);
  });

  it.each([
    ['not', { defaultBackupEligibility: false, defaultBackupState: false }],
    ['perhaps later', { defaultBackupEligibility: true, defaultBackupState: false }],
    ['already', { defaultBackupEligibility: true, defaultBackupState: true }],
  ])('show that a passkey is %s backed up, and follow the changes', async (_, flags) => {
    const shopper = await open(flags);
    const { user, credential } = await shopper.registered(newUser());
    const [backupEligible, backedUp] = Object.values(flags);
    expect(credential).toMatchObject({ backupEligible, backedUp });
    const [passkey] = await shopper.authenticator.credentials();
    if (!passkey) throw new Error('The authenticator has no passkey.');
    if (backupEligible) {
      for (const backupState of [!backedUp, Boolean(backedUp)]) {
        await shopper.authenticator.setBackup(passkey, { backupState });
        expect((await shopper.signedIn()).credential).toMatchObject({ backupEligible, backedUp: backupState });
      }
    }
    // The RP's settings report that the flag BE has changed.
    await shopper.authenticator.setBackup(passkey, { backupEligibility: !backupEligible, backupState: false });
    expect(await shopper.signedIn()).toMatchObject({
      backupEligibilityChanged: true,
      credential: { backupEligible: !backupEligible, backedUp: false },
    });
    expect(await shopper.signedIn({ userId: user.userId })).not.toHaveProperty('backupEligibilityChanged');
  });

  it('are refused if the flag BE changes and the settings of the RP say so', async () => {
    const strict = await rpWith({ backupEligibility: 'refuse' });
    const shopper = await open({ defaultBackupEligibility: true, defaultBackupState: true }, strict);
    await shopper.registered(newUser());
    const [passkey] = await shopper.authenticator.credentials();
    if (!passkey) throw new Error('The authenticator has no passkey.');
    await shopper.authenticator.setBackup(passkey, { backupEligibility: false, backupState: false });
    expect(stepOf(await shopper.authenticate())).toEqual([400, 'backup-eligibility']);
    await shopper.authenticator.setBackup(passkey, { backupEligibility: true, backupState: false });
    expect((await shopper.signedIn()).credential).toMatchObject({ backupEligible: true, backedUp: false });
  });

  it.each([
    ['packed', {}],
    ['fido-u2f', { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false }],
  ] as const)('trust an attestation of the format %s if metadata contain its certificate', async (format, kind) => {
    const strict = await rpWith({ requireTrustedAttestation: true });
    const shopper = await open(kind, strict);
    const user = newUser();
    expectProblem(await shopper.register(user), 403, 'attestation-not-trusted');

    // The metadata name the certificate itself, and no authority.
    const { options } = await shopper.requestCreation(user);
    const { response } = (await call(shopper.page, 'create', options)) as { response: { attestationObject: string } };
    const { statement } = decodeAttestationObject(Buffer.from(response.attestationObject, 'base64url'));
    const [der = new Uint8Array()] = statement.get('x5c') as Uint8Array[];
    const signer = await createBlobSigner();
    const { aaguid, ...entry } = entryFor(AAGUID, { der });
    const isU2f = format === 'fido-u2f';
    const ids = isU2f ? { attestationCertificateKeyIdentifiers: [keyIdentifierOf(der) ?? ''] } : { aaguid };
    const { blob } = signer.sign(isU2f ? 2 : 1, [{ ...entry, ...ids }]);
    const body = { blob, root: Buffer.from(signer.root.der).toString('base64') };
    expect((await service.send('POST /_local/metadata', { body })).body).toMatchObject({ outcome: 'stored' });
    expect((await shopper.registered(user)).credential).toMatchObject({
      attestation: { format, type: 'basic', trusted: true },
      ...(!isU2f && { name: 'Test key', authenticator: { aaguid: AAGUID, name: 'Test key' } }),
    });
    expect((await shopper.signedIn({ userId: user.userId })).user.userId).toBe(user.userId);
  });

  it('accept every option that a request can have', async () => {
    const shopper = await open({ transport: 'usb' });
    const { user, credential } = await shopper.registered({
      ...newUser(),
      user: { userName: '渡辺 花子', displayName: null, userHandle: 'AA' },
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        residentKey: 'discouraged',
        userVerification: 'discouraged',
      },
      hints: ['security-key', 'hybrid'],
      attestation: 'indirect',
      timeoutSeconds: 30,
      context: 'session 1',
    });
    expect(user).toMatchObject({ userName: '渡辺 花子', userHandle: 'AA' });
    expect(credential.transports).toEqual(['usb']);
    const { userId } = user;
    const signIn = await shopper.signedIn({
      ...{ userId, credentialIds: [credential.id], userVerification: 'discouraged', hints: ['security-key'] },
      ...{ timeoutSeconds: 30, context: 'session 1', concealUnknownUser: true },
    });
    expect(signIn.user.userId).toBe(userId);
    // A browser without a person never ends a conditional registration, but it reads the options.
    const { options, mediation } = await shopper.requestCreation({ userId, mediation: 'conditional' });
    expect(mediation).toBe('conditional');
    const read = `PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)})`;
    expect(await shopper.page.evaluate(`${read}.excludeCredentials.length`)).toBe(1);
  });

  it('find nobody with the made-up credentials of a user who does not exist', async () => {
    const shopper = await open();
    const concealed = { userId: 'nobody', concealUnknownUser: true };
    await expect(shopper.authenticate(concealed)).rejects.toThrow('NotAllowedError');
  });

  it('are refused on a page whose origin the settings do not allow', async () => {
    const shopper = await open();
    await shopper.registered(newUser());
    const other = await serveRpPage();
    try {
      await shopper.page.goto(other.origin);
      const refused = [await shopper.authenticate(), await shopper.register(newUser())];
      for (const answer of refused) {
        expectProblem(answer, 403, 'origin-not-allowed');
        expect(answer.body).toMatchObject({ origin: other.origin });
      }
    } finally {
      await other.stop();
    }
  });

  it('run in a frame of another origin only if the settings allow the page to embed them', async () => {
    const partner = await serveRpPage();
    try {
      const trusting = await rpWith({ topOrigins: [partner.origin] });
      const { page, registered } = await open();
      const { user: known } = await registered(newUser());
      await page.goto(partner.origin);
      const allow = 'publickey-credentials-create *; publickey-credentials-get *';
      await page.setContent(`<iframe allow="${allow}" src="${shop.origin}"></iframe>`);
      const frame = page.frame({ url: `${shop.origin}/` });
      if (!frame) throw new Error('There is no frame.');
      await frame.waitForLoadState();
      const [embedded, refused] = [rpInBrowser(trusting, frame), rpInBrowser(rp, frame)];
      const { user } = await embedded.registered(newUser());
      const { userId } = user;
      expect((await embedded.signedIn({ userId })).user.userId).toBe(userId);
      expect(stepOf(await refused.register(newUser()))).toEqual([400, 'cross-origin']);
      expect(stepOf(await refused.authenticate({ userId: known.userId }))).toEqual([400, 'cross-origin']);
    } finally {
      await partner.stop();
    }
  });

  it('run with the code of the guide for developers', async () => {
    const guide = await readFile('docs/ceremonies.md', 'utf8');
    const [create = '', get = ''] = [...guide.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
    const shopper = await open();
    /** Runs a piece of code in the page. Returns what it posts to the RP's server. */
    const run = (code: string, options: object) =>
      shopper.page.evaluate(`(async (options) => {
        let posted;
        const post = async (path, body) => { posted = JSON.parse(JSON.stringify(body)); };
        ${code}
        return posted;
      })(${JSON.stringify(options)})`);
    const created = await shopper.requestCreation(newUser());
    const response = await run(create, created.options);
    expect((await rp.end('registrations', { ceremony: created.ceremony, response })).status).toBe(201);
    const used = await shopper.requestSignIn();
    const signIn = { ceremony: used.ceremony, response: await run(get, used.options) };
    expect((await rp.end('authentications', signIn)).status).toBe(200);
  });

  it('end with signals that the browser understands', async () => {
    const [lost, kept] = [await open(), await open()];
    const { user, credential } = await lost.registered(newUser());
    const { userId } = user;
    await kept.registered({ userId });
    const asRp = (request: string, body?: object) => service.send(request, { as: rp.apiKey, body });
    await asRp(`DELETE /v1/rp/users/${userId}/credentials/${credential.id}`);
    await asRp(`PATCH /v1/rp/users/${userId}`, { userName: 'carol', displayName: 'Carol Chiba' });
    const { signals } = await kept.signedIn();
    const signal = (shopper: typeof kept, method: string, argument: unknown) =>
      call(shopper.page, `PublicKeyCredential.${method}`, argument);

    // New names of the user.
    for (const shopper of [kept, lost]) await signal(shopper, 'signalCurrentUserDetails', signals.currentUserDetails);
    for (const { authenticator } of [kept, lost]) {
      const names = { userName: 'carol', userDisplayName: 'Carol Chiba' };
      await expect.poll(() => authenticator.credentials()).toMatchObject([names]);
    }

    // The passkey that was removed, alone and by the list of all others.
    const [passkey] = await lost.authenticator.credentials();
    if (!passkey) throw new Error('The authenticator has no passkey.');
    const refused = await lost.authenticate();
    expectProblem(refused, 404, 'credential-unknown');
    const { unknownCredential } = (refused.body as { signals: { unknownCredential: object } }).signals;
    await signal(lost, 'signalUnknownCredential', unknownCredential);
    await expect.poll(() => lost.authenticator.credentials()).toEqual([]);
    await lost.authenticator.add(passkey);
    for (const shopper of [kept, lost]) {
      await signal(shopper, 'signalAllAcceptedCredentials', signals.allAcceptedCredentials);
    }
    await expect.poll(() => lost.authenticator.credentials()).toEqual([]);
    expect(await kept.authenticator.credentials()).toHaveLength(1);
    expect((await kept.signedIn()).user.userName).toBe('carol');
  });
});
