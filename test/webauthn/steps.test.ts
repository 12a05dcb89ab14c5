import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authenticationResponse, registrationResponse } from '../../functions/contract/values/webauthn.ts';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { STEPS, type Step, type Verification } from '../../functions/domain/webauthn/refusal.ts';
import { verifyRegistration, type RegistrationCeremony } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, usePasskey, type Deviations } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';
import { packed, packedSelf } from './statements.ts';

const ORIGIN = 'https://shop.example';
const challenge = newChallenge();
const direct: RegistrationCeremony = { challenge, attestation: 'direct', userVerification: 'required' };

/**
 * How the service does a step of WebAuthn Level 3. `refuses`: the words of the refusals, and a response for each, in
 * which everything but this step is right. `yields`: a test that the step hands over its values. `elsewhere`: the code
 * that does the step, or the reason why the service does not. `ceremonies`: the title of a test in test/fido2.
 */
interface Proof {
  readonly does: string;
  readonly refuses?: readonly (readonly [Step, () => Promise<Verification<unknown>>])[];
  readonly yields?: () => Promise<void>;
  readonly elsewhere?: string;
  readonly ceremonies?: string;
}

type Created = ReturnType<typeof createPasskey>['response'];
/** Registers a passkey with a response in which everything but the deviations is right. */
function register(
  deviations: Parameters<typeof createPasskey>[2] = {},
  change: (response: Created) => unknown = (response) => response,
  of = direct,
) {
  const { response } = createPasskey(ORIGIN, shopOptions(challenge), deviations);
  return verifyRegistration(shop, of, change(registrationResponse.parse(response)) as Created);
}

type Used = ReturnType<typeof usePasskey>;
/** Authenticates with a new passkey, and with a response in which everything but the deviations is right. */
async function authenticate(deviations: Deviations = {}, change: (response: Used) => unknown = (response) => response) {
  const { passkey, response } = createPasskey(ORIGIN, shopOptions(challenge));
  const { accepted } = await verifyRegistration(shop, direct, response);
  if (!accepted) throw new Error('The registration was refused.');
  const used = authenticationResponse.parse(usePasskey(ORIGIN, passkey, { challenge }, deviations));
  return verifyAuthentication(shop, { challenge, userVerification: 'required' }, accepted, change(used) as Used);
}

/** Replaces members of the inner object `response` of a WebAuthn response. */
const withMembers =
  (members: (inner: { readonly clientDataJSON: string }) => object) =>
  <T extends { readonly response: { readonly clientDataJSON: string } }>(response: T) => ({
    ...response,
    response: { ...response.response, ...members(response.response) },
  });
const text = (base64url: string) => Buffer.from(base64url, 'base64url').toString();
const base64url = (data: string | Uint8Array) => Buffer.from(data).toString('base64url');
/** Client data that no JSON parser reads, and other client data than the ones that the authenticator signed. */
const cutOff = withMembers(({ clientDataJSON }) => ({ clientDataJSON: base64url(text(clientDataJSON).slice(0, -1)) }));
const respaced = withMembers(({ clientDataJSON }) => ({ clientDataJSON: base64url(`${text(clientDataJSON)} `) }));
const withByteOrderMark = withMembers(({ clientDataJSON }) => ({
  clientDataJSON: base64url(`\uFEFF${text(clientDataJSON)}`),
}));

const [UP, UV, BE, BS] = [0x01, 0x04, 0x08, 0x10];
const embedded = { crossOrigin: true };
const otherOrigin = 'https://shop.example.evil.example';

/** Section 7.1, Registering a New Credential. The first step has the number 1. */
const REGISTRATION: readonly Proof[] = [
  { does: 'creates the options', elsewhere: 'creation-options.ts, tested in options.test.ts' },
  { does: 'calls navigator.credentials.create()', elsewhere: 'the page of the RP' },
  {
    does: 'expects the response of a registration',
    yields: async () => {
      const { passkey } = createPasskey(ORIGIN, shopOptions(challenge));
      expect(registrationResponse.safeParse(usePasskey(ORIGIN, passkey, { challenge })).success).toBe(false);
      await Promise.resolve();
    },
  },
  {
    does: 'takes the results of the client extensions',
    yields: async () => {
      const change = (response: Created) =>
        registrationResponse.parse({ ...response, clientExtensionResults: { credProps: { rk: true } } });
      expect(await register({}, change)).toMatchObject({ accepted: { discoverable: true } });
    },
  },
  {
    // The specification strips a byte order mark. No browser writes one, and SimpleWebAuthn does not read it.
    does: 'decodes the client data',
    refuses: [['client-data', () => register({}, withByteOrderMark)]],
  },
  { does: 'parses the client data', refuses: [['client-data', () => register({}, cutOff)]] },
  { does: 'checks the type', refuses: [['type', () => register({ type: 'webauthn.get' })]] },
  { does: 'checks the challenge', refuses: [['challenge', () => register({ challenge: newChallenge() })]] },
  { does: 'checks the origin', refuses: [['origin', () => register({ origin: otherOrigin })]] },
  { does: 'checks crossOrigin', refuses: [['cross-origin', () => register(embedded)]] },
  { does: 'checks topOrigin', refuses: [['top-origin', () => register({ topOrigin: ORIGIN })]] },
  {
    does: 'hashes the client data',
    refuses: [['attestation', () => register({ attest: packedSelf() }, respaced)]],
  },
  {
    does: 'decodes the attestation object',
    refuses: [
      [
        'attestation-object',
        () =>
          register(
            {},
            withMembers(() => ({ attestationObject: base64url('\xa0') })),
          ),
      ],
      ['authenticator-data', () => register({ extensionData: Buffer.from([0xa0]) })],
    ],
  },
  { does: 'checks the hash of the RP ID', refuses: [['rp-id-hash', () => register({ rpId: 'www.shop.example' })]] },
  { does: 'checks the flag UP', refuses: [['user-presence', () => register({ invertedFlags: UP })]] },
  { does: 'checks the flag UV', refuses: [['user-verification', () => register({ invertedFlags: UV })]] },
  { does: 'checks the flag BS against BE', refuses: [['backup-state', () => register({ invertedFlags: BS })]] },
  {
    does: 'evaluates the flag BE',
    yields: async () => {
      expect(await register({ invertedFlags: BE })).toMatchObject({ accepted: { backupEligible: true } });
    },
  },
  {
    does: 'evaluates the flag BS',
    yields: async () => {
      expect(await register({ invertedFlags: BE | BS })).toMatchObject({ accepted: { backedUp: true } });
    },
  },
  {
    does: 'checks the algorithm of the public key',
    refuses: [
      ['algorithm', () => register({}, undefined, { ...direct, algorithms: [-8] })],
      ['public-key', () => register({ key: [[-1, 2]] })],
    ],
  },
  {
    does: 'determines the attestation statement format',
    refuses: [['attestation', () => register({ attest: (of) => ({ ...packedSelf()(of), fmt: 'PACKED' }) })]],
  },
  {
    does: 'verifies the attestation statement',
    refuses: [['attestation', () => register({ attest: packed({ members: { alg: -35 } }) })]],
  },
  {
    does: 'obtains trust anchors',
    ceremonies: 'accepts authenticators whose certificates lead to a root of their metadata, until they are revoked',
  },
  {
    does: 'assesses the trustworthiness',
    ceremonies: 'may require a certification, and allow only some models',
  },
  {
    does: 'checks the length of the credential ID',
    refuses: [['credential-id', () => registerUnparsed({ credentialId: Buffer.alloc(1_024) })]],
  },
  {
    does: 'checks that the credential ID is new',
    ceremonies: 'refuses a credential that a user of the RP has already',
  },
  {
    does: 'creates the credential record',
    ceremonies: 'creates the user with the first credential, and counts the user',
  },
  {
    does: 'processes the results of the extensions',
    refuses: [
      [
        'extensions',
        () => register({}, (response) => ({ ...response, clientExtensionResults: { appidExclude: true } })),
      ],
    ],
  },
  {
    does: 'stores the credential record',
    ceremonies: 'adds a second credential to the user, who counts once',
  },
];

/** The schema of the contract refuses an ID of 1,024 bytes too, so this function does without the schema. */
function registerUnparsed(deviations: Parameters<typeof createPasskey>[2]) {
  const { response } = createPasskey(ORIGIN, shopOptions(challenge), deviations);
  return verifyRegistration(shop, direct, response);
}

/** Section 7.2, Verifying an Authentication Assertion. The first step has the number 1. */
const AUTHENTICATION: readonly Proof[] = [
  { does: 'creates the options', elsewhere: 'request-options.ts, tested in options.test.ts' },
  { does: 'calls navigator.credentials.get()', elsewhere: 'the page of the RP' },
  {
    does: 'expects the response of an authentication',
    yields: async () => {
      const { response } = createPasskey(ORIGIN, shopOptions(challenge));
      expect(authenticationResponse.safeParse(response).success).toBe(false);
      await Promise.resolve();
    },
  },
  {
    does: 'takes the results of the client extensions',
    yields: async () => {
      const secret = { prf: { results: { first: 'c2VjcmV0' } } };
      const change = (response: Used) =>
        authenticationResponse.parse({ ...response, clientExtensionResults: { ...secret, appid: false } });
      expect(await authenticate({}, change)).toHaveProperty('accepted');
    },
  },
  {
    does: 'checks that the options allow the credential',
    ceremonies: 'refuses another user’s credential in a named ceremony, and one that was registered since',
  },
  {
    does: 'identifies the user and the credential',
    refuses: [['credential-id', () => authenticate({}, (response) => ({ ...response, ...OTHER_ID }))]],
    ceremonies: 'needs a user handle in an unnamed ceremony, and not in a named one',
  },
  {
    does: 'takes the client data, the authenticator data and the signature',
    refuses: [['authenticator-data', () => authenticate({ extensionData: Buffer.from([0xa0]) })]],
  },
  { does: 'decodes the client data', refuses: [['client-data', () => authenticate({}, withByteOrderMark)]] },
  { does: 'parses the client data', refuses: [['client-data', () => authenticate({}, cutOff)]] },
  { does: 'checks the type', refuses: [['type', () => authenticate({ type: 'webauthn.create' })]] },
  { does: 'checks the challenge', refuses: [['challenge', () => authenticate({ challenge: newChallenge() })]] },
  { does: 'checks the origin', refuses: [['origin', () => authenticate({ origin: otherOrigin })]] },
  { does: 'checks crossOrigin', refuses: [['cross-origin', () => authenticate(embedded)]] },
  { does: 'checks topOrigin', refuses: [['top-origin', () => authenticate({ topOrigin: ORIGIN })]] },
  { does: 'checks the hash of the RP ID', refuses: [['rp-id-hash', () => authenticate({ rpId: 'www.shop.example' })]] },
  { does: 'checks the flag UP', refuses: [['user-presence', () => authenticate({ invertedFlags: UP })]] },
  { does: 'checks the flag UV', refuses: [['user-verification', () => authenticate({ invertedFlags: UV })]] },
  { does: 'checks the flag BS against BE', refuses: [['backup-state', () => authenticate({ invertedFlags: BS })]] },
  {
    does: 'compares the backup flags with the stored ones',
    yields: async () => {
      const accepted = { backupEligible: true, backedUp: true };
      expect(await authenticate({ invertedFlags: BE | BS })).toMatchObject({ accepted });
    },
    ceremonies: 'reports a changed flag BE, or refuses it, as the settings say',
  },
  { does: 'hashes the client data', refuses: [['signature', () => authenticate({}, respaced)]] },
  {
    does: 'verifies the signature',
    refuses: [
      [
        'signature',
        () =>
          authenticate(
            {},
            withMembers(() => ({ signature: base64url(new Uint8Array(71)) })),
          ),
      ],
      [
        'signature',
        () =>
          authenticate(
            {},
            withMembers(() => ({ signature: MADE_UP_SIGNATURE })),
          ),
      ],
    ],
  },
  {
    does: 'judges the sign count',
    yields: async () => {
      expect(await authenticate({ signCount: 7 })).toMatchObject({ accepted: { signCount: 7 } });
    },
    ceremonies: 'refuses a sign count that does not increase, and only after the signature',
  },
  {
    does: 'processes the results of the extensions',
    refuses: [
      ['extensions', () => authenticate({}, (response) => ({ ...response, clientExtensionResults: { appid: true } }))],
    ],
  },
  {
    does: 'updates the credential record',
    ceremonies: 'refuses a sign count that does not increase, and only after the signature',
  },
  {
    does: 'continues the sign-in',
    ceremonies: 'signs in a user whom the passkey names, and counts the user once a month',
  },
];

const OTHER_ID = { id: 'b3RoZXI', rawId: 'b3RoZXI' };
/** The DER encoding of the numbers 1 and 1. */
const MADE_UP_SIGNATURE = base64url(new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]));

describe.each([
  ['7.1', REGISTRATION, 29],
  ['7.2', AUTHENTICATION, 25],
] as const)('section %s of WebAuthn Level 3', (section, steps, count) => {
  it(`has ${count} steps, and each one is done somewhere`, () => {
    expect(steps.length).toBe(count);
    for (const { does, ...proofs } of steps) expect([does, Object.keys(proofs)]).not.toEqual([does, []]);
  });

  const numbered = steps.map((proof, index) => ({ ...proof, name: `${section}-${index + 1} ${proof.does}` }));
  const refusals = numbered.flatMap(({ name, refuses = [] }) => refuses.map((refusal) => [name, ...refusal] as const));
  it.each(refusals)('%s: refuses a response in which only this is wrong, with the word %s', async (_, step, run) => {
    expect(await run()).toMatchObject({ refusal: { step } });
  });

  it.each(numbered.flatMap(({ name, yields }) => (yields ? [[name, yields] as const] : [])))(
    '%s: hands over what the response says',
    async (_, yields) => {
      await yields();
    },
  );

  const folder = join(import.meta.dirname, '../fido2');
  const inCeremonies = numbered.filter(({ ceremonies }) => ceremonies !== undefined);
  for (const { name, ceremonies } of inCeremonies) {
    it(`${name}: is proved by a test in test/fido2`, () => {
      const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
      const tests = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
      expect(tests).toContain(ceremonies);
    });
  }
});

describe('a response in which nothing is wrong', () => {
  it('is accepted by both verifications', async () => {
    expect(await register()).toHaveProperty('accepted');
    expect(await register({ attest: packed() })).toHaveProperty('accepted');
    expect(await authenticate()).toHaveProperty('accepted');
  });
});

it('every word of a refusal appears in the tables of steps', () => {
  const words = [...REGISTRATION, ...AUTHENTICATION].flatMap(({ refuses = [] }) => refuses.map(([step]) => step));
  expect(STEPS.filter((step) => !words.includes(step))).toEqual([]);
});
