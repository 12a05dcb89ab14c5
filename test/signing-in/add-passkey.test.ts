import { describe, expect, it } from 'vitest';
import { requestPasskeyOptionsContract } from '../../functions/contract/passkeys.ts';
import { requestSessionOptionsContract } from '../../functions/contract/sessions.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { add, list, statusOf, expectUnchanged } = passkeyService((opened) => {
  ({ service, alice } = opened);
});

describe('the passkey registration API', () => {
  it('returns options that require a new, discoverable passkey and user verification', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const answer = await service.send('POST /v1/passkeys/options', { as: alice.session });
    const options = answer.read(requestPasskeyOptionsContract.answer.body);
    expect(options).toEqual({
      rp: { id: new URL(service.origin).hostname, name: 'FIDO2 Server Service' },
      user: {
        id: Buffer.from(`${alice.customerId}/${alice.administratorId}`).toString('base64url'),
        name: alice.email,
        displayName: 'Alice Arai',
      },
      challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      pubKeyCredParams: [-7, -8, -35, -36, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [
        {
          id: passkey.credentialId.toString('base64url'),
          type: 'public-key',
          transports: ['internal', 'hybrid'],
        },
      ],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    });
  });

  it.each([
    ['the algorithm ES256', { algorithm: -7 }],
    ['the algorithm EdDSA', { algorithm: -8 }],
    ['the algorithm RS256', { algorithm: -257 }],
    ['a credential ID of 1,023 bytes', { credentialId: Buffer.alloc(1_023, 7) }],
    ['a credential ID of 16 bytes', { credentialId: Buffer.alloc(16, 7) }],
    ['a self attestation', { attests: 'self' }],
  ] as const)('accepts a passkey with %s, and the passkey can then be used to sign in', async (_, deviations) => {
    const { passkey, ...added } = await service.addPasskey(alice.session, deviations);
    expect(added).toEqual({
      id: expect.stringMatching(/^[\w-]{43}$/) as string,
      name: 'Phone',
      createdAt: expect.any(String) as string,
      lastUsedAt: null,
    });
    expect(await list(alice.session)).toEqual([added]);
    expect(await statusOf(await service.signInByPasskey(passkey))).toBe(200);
  });

  it('accepts additional JSON members inside the passkey, but not elsewhere in the request body', async () => {
    const { response } = await service.makePasskey(alice.session);
    const extended = {
      ...response,
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true }, 'x-vendor': [1] },
      response: { ...response.response, publicKey: 'AAAA', publicKeyAlgorithm: -7, authenticatorData: 'AAAA' },
    };
    const body = { name: 'Phone', passkey: extended };
    const more = await service.send('POST /v1/passkeys', { as: alice.session, body: { ...body, more: 1 } });
    expectProblem(more, 400, 'validation', '#/more');
    expect((await service.send('POST /v1/passkeys', { as: alice.session, body })).status).toBe(201);
  });

  it('accepts each passkey and each challenge only once', async () => {
    const { response } = await service.makePasskey(alice.session);
    expect((await add(alice.session, response)).status).toBe(201);
    expectProblem(await add(alice.session, response), 400, 'validation', '#/passkey/response/clientDataJSON');
    const credentialId = Buffer.from(response.id, 'base64url');
    const again = await service.makePasskey(alice.session, { credentialId });
    await expectUnchanged(async () => {
      expectProblem(await add(alice.session, again.response), 409, 'already-exists');
    });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the same host on another port', { origin: 'http://localhost:1' }],
    ['a host whose name begins with the host name of the service', { origin: 'http://localhost.evil.example' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['the ceremony type webauthn.get', { type: 'webauthn.get' }],
    ['no user presence', { isUserPresent: false }],
    ['no user verification', { isUserVerified: false }],
    ['crossOrigin: true in the client data', { crossOrigin: true }],
    ['a topOrigin in the client data', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['an RSA key of 512 bits', { algorithm: -257, key: [[-1, new Uint8Array(64).fill(0xff)]] }],
    ['an RSA key of 90,000 bits', { algorithm: -257, key: [[-1, new Uint8Array(11_250).fill(0xff)]] }],
    ['an RSA key with the exponent 1', { algorithm: -257, key: [[-2, new Uint8Array([1])]] }],
  ] as const)('refuses a passkey that was created with %s', async (_, deviations) => {
    const { response } = await service.makePasskey(alice.session, deviations);
    await expectUnchanged(async () => {
      expectProblem(await add(alice.session, response), 400, 'validation', '#/passkey/response');
    });
  });

  it.each(['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple', 'x'.repeat(100)])(
    'accepts a passkey with a certificate in the format %s, although no certificate was requested',
    async (fmt) => {
      const { passkey } = await service.addPasskey(alice.session, { attests: 'certificate', fmt });
      expect(await service.signInByPasskey(passkey)).toMatch(/^ses_/);
    },
  );

  it.each([
    ['null', null, []],
    ['empty', [], []],
    ['not a list', 'usb', []],
    ['unknown', ['telepathy', 'usb', null, 7, '\ud800', 'x'.repeat(1_000)], ['usb']],
    ['in upper case', ['USB', 'internal'], ['internal']],
    ['too many', Array.from({ length: 1_000 }, (_, index) => (index % 2 ? 'nfc' : 'ble')), ['ble', 'nfc']],
  ])('accepts a passkey whose transports are %s, and stores only known transports', async (_, transports, stored) => {
    const { response } = await service.makePasskey(alice.session);
    const passkey = { ...response, response: { ...response.response, transports } };
    const added = await service.send('POST /v1/passkeys', { as: alice.session, body: { name: 'Phone', passkey } });
    expect(added.status).toBe(201);
    const options = await service.send('POST /v1/passkeys/options', { as: alice.session });
    expect(options.body).toMatchObject({ excludeCredentials: [{ id: response.id, transports: stored }] });
  });

  it('refuses a public key with an algorithm that the options do not list', async () => {
    const { response } = await service.makePasskey(alice.session);
    const { attestationObject } = response.response;
    // Replaces the algorithm -7 (ES256) in the COSE key with -36 (ES512). Both byte sequences begin with the key
    // type (01 02).
    const bytes = Buffer.from(attestationObject, 'base64url').toString('hex');
    const changed = Buffer.from(bytes.replace('01020326', '0102033823'), 'hex').toString('base64url');
    expect(changed).not.toBe(attestationObject);
    const answer = await add(alice.session, {
      ...response,
      response: { ...response.response, attestationObject: changed },
    });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  it('refuses a passkey whose ID differs from the credential ID in the attestation', async () => {
    const { response } = await service.makePasskey(alice.session);
    const { response: other } = await service.makePasskey(alice.session);
    const answer = await add(alice.session, { ...response, id: other.id, rawId: other.id });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  it.each([
    ['random bytes', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 37) % 256))],
    ['nested lists', Buffer.alloc(12_000, 0x81)],
    ['a map with a stated size of 4 billion entries', Buffer.from('bafffffffe', 'hex')],
    ['bytes with a stated length that is too large', Buffer.from('a168617574684461746158ff00', 'hex')],
    ['a number', Buffer.from([0x01])],
  ])('refuses an attestation that consists of %s', async (_, bytes) => {
    const { response } = await service.makePasskey(alice.session);
    const attestationObject = bytes.toString('base64url');
    const answer = await add(alice.session, { ...response, response: { ...response.response, attestationObject } });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  describe('refuses a challenge', () => {
    const CLIENT_DATA = '#/passkey/response/clientDataJSON';

    it('that the service never created', async () => {
      const { response } = await service.makePasskey(alice.session, { challenge: 'A'.repeat(43) });
      await expectUnchanged(async () => {
        expectProblem(await add(alice.session, response), 400, 'validation', CLIENT_DATA);
      });
    });

    it('that was created for a sign-in', async () => {
      const { challenge } = (await service.send('POST /v1/sessions/options')).read(
        requestSessionOptionsContract.answer.body,
      );
      const { response } = await service.makePasskey(alice.session, { challenge });
      await expectUnchanged(async () => {
        expectProblem(await add(alice.session, response), 400, 'validation', CLIENT_DATA);
      });
    });

    it('that was created for another administrator, of the same customer or of another customer', async () => {
      const bob = await service.addAdministrator(alice.session, 'privileged');
      const carol = await service.signUp();
      const { response } = await service.makePasskey(alice.session);
      await expectUnchanged(async () => {
        for (const { session } of [bob, carol])
          expectProblem(await add(session, response), 400, 'validation', CLIENT_DATA);
      });
      expect((await add(alice.session, response)).status).toBe(201);
    });

    it('that is 5 minutes old, but accepts a newer challenge, even in another session of the administrator', async () => {
      const [late, inTime] = [await service.makePasskey(alice.session), await service.makePasskey(alice.session)];
      const another = await service.signIn(alice.email);
      await service.pass(4 * MINUTE);
      expect((await add(another, inTime.response)).status).toBe(201);
      await service.pass(MINUTE);
      expectProblem(await add(alice.session, late.response), 400, 'validation', CLIENT_DATA);
    });
  });

  it('accepts at most 20 passkeys per administrator, no matter how many requests arrive at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 26 }, () => service.makePasskey(alice.session)));
    const answers = await Promise.all(made.map(({ response }) => add(alice.session, response)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(6);
    for (const answer of refused) expectProblem(answer, 403, 'forbidden');
    expect(await list(alice.session)).toHaveLength(20);
    expectProblem(await service.send('POST /v1/passkeys/options', { as: alice.session }), 403, 'forbidden');

    const [first] = await list(alice.session);
    await service.send(`DELETE /v1/passkeys/${first?.id ?? ''}`, { as: alice.session });
    await service.addPasskey(alice.session);
    expect(await list(alice.session)).toHaveLength(20);
  });

  it('adds only one passkey when the same registration response arrives many times at the same time', async () => {
    const { response } = await service.makePasskey(alice.session);
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(alice.session, response)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await list(alice.session)).toHaveLength(1);
  });

  it('logs the administrator who added the passkey, and the values before and after the change', async () => {
    const { id } = await service.addPasskey(alice.session);
    const { administratorId, customerId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toEqual({
      route: 'add-passkey',
      requestId: expect.any(String) as string,
      actor: { administratorId },
      what: 'passkey',
      customerId,
      before: null,
      after: { administratorId, id, name: 'Phone' },
    });
  });
});
