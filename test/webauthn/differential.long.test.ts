import { isDeepStrictEqual } from 'node:util';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  authenticationResponse,
  registrationResponse,
  type AuthenticationResponse,
  type RegistrationResponse,
} from '../../functions/contract/values/webauthn.ts';
import { decodeAttestationObject } from '../../functions/domain/webauthn/attestation-object.ts';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { creationOptions } from '../../functions/domain/webauthn/creation-options.ts';
import { verifyRegistration, type RegisteredCredential } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, usePasskey, type Algorithm, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { LONG } from '../support/long.ts';
import { random, type Random } from '../support/random.ts';
import { newChallenge } from './relying-party.ts';
import { authenticateWithSecond, registerWithSecond } from './second-verifier.ts';
import { fidoU2f, packed, packedSelf } from './statements.ts';

const CASES = LONG ? 2_000 : 200;

const rpId = 'shop.example.org';
const ORIGIN = `https://${rpId}`;
const relyingParty = { rpId, name: 'Example Shop', origins: [ORIGIN] };
const challenge = newChallenge();
const options = creationOptions(
  relyingParty,
  { id: Buffer.from('user-1').toString('base64url'), name: 'alice', displayName: 'Alice Arai' },
  { challenge, timeout: 300_000, excludeCredentials: [] },
  {
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  },
);

/** A response with one change, and what the two verifiers say about it. `null` means accepted. */
interface Case {
  readonly ceremony: 'registration' | 'authentication';
  /** The kind of the change, such as `bit of signature`. */
  readonly change: string;
  readonly ours: { readonly step: string; readonly reason: string } | null;
  readonly theirs: string | null;
  /** Whether the change is in the attestation certificate, and nowhere else. */
  readonly isInCertificate?: boolean;
}

/** An explained class of differences between the two verifiers. */
interface Difference {
  readonly name: string;
  /** Which verifier accepts the responses of the class. */
  readonly acceptedBy: 'ours' | 'theirs';
  /** Whether a case on which the verifiers differ in this direction belongs to the class. */
  readonly includes: (one: Case) => boolean;
}
/** Returns whether the service refuses a response with a word, and for a reason that matches a pattern. */
const refusedBy =
  (step: string, reason = /./) =>
  ({ ours }: Case) =>
    ours?.step === step && reason.test(ours.reason);

/**
 * All classes of differences that the test has met. fido2-lib 3.5.9 implements Level 1 of WebAuthn, so it ignores what
 * later levels added.
 */
const DIFFERENCES: readonly Difference[] = [
  {
    name: 'fido2-lib cannot read keys for EdDSA',
    acceptedBy: 'ours',
    includes: ({ change, theirs }) =>
      change === 'signed, algorithm' && (theirs ?? '').includes('Failed to normalize algorithm'),
  },
  {
    name: 'fido2-lib does not know crossOrigin (Level 2)',
    acceptedBy: 'theirs',
    includes: refusedBy('cross-origin'),
  },
  {
    name: 'fido2-lib ignores a crossOrigin that is no boolean',
    acceptedBy: 'theirs',
    includes: refusedBy('client-data', /crossOrigin/),
  },
  {
    name: 'fido2-lib does not know topOrigin (Level 3)',
    acceptedBy: 'theirs',
    includes: refusedBy('top-origin'),
  },
  {
    name: 'fido2-lib does not know the flags BE and BS (Level 3)',
    acceptedBy: 'theirs',
    includes: refusedBy('backup-state'),
  },
  {
    // WebAuthn compares with base64url without padding.
    name: 'fido2-lib accepts a challenge with padding',
    acceptedBy: 'theirs',
    includes: (one) => one.change === 'signed, challenge' && refusedBy('challenge')(one),
  },
  {
    // Nobody knows what the other bytes mean, and SimpleWebAuthn refuses them too.
    name: 'fido2-lib ignores bytes after the authenticator data',
    acceptedBy: 'theirs',
    includes: refusedBy('authenticator-data', /Other bytes follow/),
  },
  {
    name: 'fido2-lib reads signatures that are not encoded in DER, or that other bytes follow',
    acceptedBy: 'theirs',
    includes: (one) =>
      refusedBy('signature', /not encoded in DER/)(one) || refusedBy('attestation', /not encoded in DER/)(one),
  },
  {
    name: 'fido2-lib has no list of allowed algorithms',
    acceptedBy: 'theirs',
    includes: refusedBy('algorithm'),
  },
  {
    name: 'fido2-lib does not compare the curve of a key with its algorithm',
    acceptedBy: 'theirs',
    includes: refusedBy('public-key', /does not match the algorithm/),
  },
  {
    // Section 6.5.1.1 forbids other members.
    name: 'fido2-lib ignores additional members of the public key',
    acceptedBy: 'theirs',
    includes: refusedBy('public-key', /members that WebAuthn does not allow/),
  },
  {
    // Section 8.2 requires it for self attestation. fido2-lib uses only the hash of the algorithm.
    name: 'fido2-lib accepts a self attestation with another algorithm than the one of the public key',
    acceptedBy: 'theirs',
    includes: refusedBy('attestation', /not that of the public key/),
  },
  {
    // The signature of the statement does not cover the certificate, and the signature of the certificate is a matter
    // of trust. So a change in the certificate shows only if a verifier reads the changed part, such as the validity.
    name: 'fido2-lib reads other parts of a certificate',
    acceptedBy: 'theirs',
    includes: (one) => one.isInCertificate === true && one.ours?.step === 'attestation',
  },
  {
    name: 'fido2-lib reads other parts of a certificate, such as the algorithm of its signature',
    acceptedBy: 'ours',
    includes: (one) => one.isInCertificate === true,
  },
  {
    // The signature of U2F does not cover the AAGUID.
    name: 'fido2-lib accepts a U2F attestation with any AAGUID',
    acceptedBy: 'theirs',
    includes: refusedBy('attestation', /AAGUID/),
  },
];

function explain(one: Case): string | undefined {
  const acceptedBy = one.ours === null ? 'ours' : 'theirs';
  return DIFFERENCES.find((difference) => difference.acceptedBy === acceptedBy && difference.includes(one))?.name;
}

interface Valid {
  readonly passkey: SoftPasskey;
  readonly registration: RegistrationResponse;
  readonly credential: RegisteredCredential;
}
type Deviations = NonNullable<Parameters<typeof createPasskey>[2]>;
const direct = { challenge, attestation: 'direct', userVerification: 'required' } as const;

async function ourRegistration(response: unknown): Promise<Case['ours']> {
  const parsed = registrationResponse.safeParse(response);
  if (!parsed.success) return { step: 'schema', reason: parsed.error.message };
  return (await verifyRegistration(relyingParty, direct, parsed.data)).refusal ?? null;
}

async function ourAuthentication({ credential }: Valid, response: unknown): Promise<Case['ours']> {
  const parsed = authenticationResponse.safeParse(response);
  if (!parsed.success) return { step: 'schema', reason: parsed.error.message };
  const ceremony = { challenge, userVerification: 'required' } as const;
  const { refusal } = await verifyAuthentication(relyingParty, ceremony, credential, parsed.data);
  if (!refusal) await expectAcceptedBySimpleWebAuthn(credential, parsed.data);
  return refusal ?? null;
}

/**
 * The service verifies an authentication without SimpleWebAuthn. It must never accept more than SimpleWebAuthn does.
 */
async function expectAcceptedBySimpleWebAuthn(
  { id, publicKey }: RegisteredCredential,
  { rawId, type, response }: AuthenticationResponse,
) {
  const { clientDataJSON, authenticatorData, signature } = response;
  const { verified } = await verifyAuthenticationResponse({
    response: {
      id,
      rawId,
      type,
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    ...{ expectedChallenge: challenge, expectedOrigin: ORIGIN, expectedRPID: rpId },
    credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
  });
  expect(verified).toBe(true);
}

const theirRegistration = (response: RegistrationResponse) =>
  registerWithSecond(response, { challenge, origin: ORIGIN, rpId });

const theirAuthentication = ({ passkey }: Valid, response: AuthenticationResponse) =>
  authenticateWithSecond(response, {
    ...{ challenge, origin: ORIGIN, rpId, userHandle: passkey.userHandle },
    credentialId: passkey.credentialId.toString('base64url'),
    publicKey: passkey.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });

/** Returns whether two registration responses differ in the attestation certificate, and nowhere else. */
function differInCertificate(one: RegistrationResponse, other: RegistrationResponse): boolean {
  const withoutCertificate = ({ id, response }: RegistrationResponse) => {
    const { format, statement, authData } = decodeAttestationObject(
      Buffer.from(response.attestationObject, 'base64url'),
    );
    const members = [...statement].filter(([member]) => member !== 'x5c');
    return { id, clientDataJSON: response.clientDataJSON, format, members, authData };
  };
  try {
    return isDeepStrictEqual(withoutCertificate(one), withoutCertificate(other));
  } catch {
    return false;
  }
}

/** Changes the bytes of a base64url text in one place. Returns the kind of the change too. */
function changeBytes(text: string, chance: Random): readonly [kind: string, text: string] {
  const bytes = [...Buffer.from(text, 'base64url')];
  const at = chance.below(bytes.length);
  const kinds: Record<string, () => number[]> = {
    'a bit flipped': () => bytes.with(at, (bytes[at] ?? 0) ^ (1 << chance.below(8))),
    'a byte set': () => bytes.with(at, chance.pick([0x00, 0x7f, 0x80, 0xff])),
    'a byte removed': () => bytes.toSpliced(at, 1),
    'a byte added': () => bytes.toSpliced(at, 0, chance.below(256)),
    'bytes at the end added': () => [...bytes, ...Array.from({ length: 1 + chance.below(4) }, () => chance.below(256))],
    'the end removed': () => bytes.slice(0, at),
  };
  const kind = chance.pick(Object.keys(kinds));
  return [kind, Buffer.from(kinds[kind]?.() ?? []).toString('base64url')];
}

const ORIGINS = [
  ORIGIN,
  ...[`${ORIGIN}/`, `${ORIGIN}:443`, `${ORIGIN}:8443`, 'https://example.org', 'https://evil.shop.example.org'],
  ...['http://shop.example.org', 'https://shop.example.org.evil.example.org', 'HTTPS://SHOP.EXAMPLE.ORG', 'null', ''],
];
const [X, Y, KTY, ALG, CRV] = [-2, -3, 1, 3, -1];

/** Values that a faulty or malicious client or authenticator uses, and that it signs. */
function deviationsOf(chance: Random): readonly [kind: string, deviations: Deviations] {
  const flag = 1 << chance.below(8);
  const kinds: Record<string, () => Deviations> = {
    nothing: () => ({}),
    origin: () => ({ origin: chance.pick(ORIGINS) }),
    'RP ID': () => ({ rpId: chance.pick(['example.org', 'SHOP.example.org', 'shop.example.org.', rpId]) }),
    challenge: () => ({ challenge: chance.pick([newChallenge(), `${challenge}=`, challenge.slice(1), '', challenge]) }),
    type: () => ({ type: chance.pick(['webauthn.create', 'webauthn.get', 'payment.get', '']) }),
    crossOrigin: () => ({ crossOrigin: chance.pick<unknown>([true, false, null, 'true', 0]) }),
    topOrigin: () => ({
      topOrigin: chance.pick([ORIGIN, 'https://example.com']),
      crossOrigin: chance.pick([true, false]),
    }),
    [`flag ${flag}`]: () => ({ invertedFlags: flag }),
    flags: () => ({ invertedFlags: chance.below(256) }),
    'sign count': () => ({ signCount: chance.pick([0, 1, 7, 2 ** 31, 2 ** 32 - 1]) }),
    'extension data': () => ({
      invertedFlags: chance.pick([0, 0x80]),
      extensionData: chance.pick([
        ...[Buffer.alloc(0), Buffer.from('a0', 'hex'), Buffer.from('a1616101', 'hex'), Buffer.from('01', 'hex')],
        ...[Buffer.from('a161', 'hex'), Buffer.from('a000', 'hex')],
      ]),
    }),
  };
  const kind = chance.pick(Object.keys(kinds));
  return [kind, kinds[kind]?.() ?? {}];
}

/** The same for values that only a registration contains. */
function registrationDeviationsOf(chance: Random): readonly [kind: string, deviations: Deviations] {
  const coordinate = () => chance.pick([new Uint8Array(32).fill(7), new Uint8Array(31).fill(1), new Uint8Array(33)]);
  const kinds: Record<string, () => Deviations> = {
    algorithm: () => ({ algorithm: chance.pick<Algorithm>([-7, -8, -35, -36]) }),
    'algorithm in the key': () => ({ key: [[ALG, chance.pick([-8, -35, -257, -37, 0])]] }),
    'key type': () => ({ key: [[KTY, chance.pick([1, 3, 4, 0])]] }),
    curve: () => ({ key: [[CRV, chance.pick([2, 3, 6, 8, 0])]] }),
    'x-coordinate': () => ({ key: [[X, coordinate()]] }),
    'y-coordinate': () => ({ key: [[Y, coordinate()]] }),
    'missing member of the key': () => ({ key: [[chance.pick([KTY, ALG, CRV, X, Y]), undefined]] }),
    'additional member of the key': () => ({ key: [[chance.pick([2, 4, -70_000]), 1]] }),
    AAGUID: () => ({ aaguid: Buffer.alloc(16, chance.below(256)) }),
    'credential ID': () => ({ credentialId: Buffer.alloc(chance.pick([1, 16, 64, 1_023]), 7) }),
    'statement packed': () => ({ attest: packed() }),
    'statement packed, signed by the credential': () => ({ attest: packedSelf() }),
    'statement packed with another algorithm': () => ({
      attest: packedSelf({ members: { alg: chance.pick([-8, -35, -257]) } }),
    }),
    'statement packed without a member': () => ({
      attest: packed({ members: { [chance.pick(['alg', 'sig'])]: undefined } }),
    }),
    'statement packed of another model': () => ({ attest: packed({ certifiedAaguid: Buffer.alloc(16, 1) }) }),
    'statement packed of an authority': () => ({ attest: packed({ isAuthority: true }) }),
    'statement packed with another subject': () => ({
      attest: packed({ subject: { C: 'JP', O: 'E', OU: 'E', CN: 'E' } }),
    }),
    'statement fido-u2f': () => ({ attest: fidoU2f() }),
    'statement fido-u2f with an AAGUID': () => ({ attest: fidoU2f(), aaguid: Buffer.alloc(16, 1) }),
    'statement of an unknown format': () => ({ attests: 'self', fmt: chance.pick(['Packed', 'compound', 'x']) }),
    'statement none with members': () => ({ attests: 'self', fmt: 'none' }),
  };
  const kind = chance.pick(Object.keys(kinds));
  return [kind, kinds[kind]?.() ?? {}];
}

describe('fido2-lib as a second verifier', () => {
  const chance = random();
  let bases: readonly Valid[];
  beforeAll(async () => {
    console.info(`differential.long.test.ts: SEED=${chance.seed}`);
    // fido2-lib prints every signature that is malformed.
    vi.spyOn(console, 'error').mockReturnValue();
    const kinds: Deviations[] = [
      ...[{}, { attest: packed() }, { attest: packedSelf() }, { attest: fidoU2f() }],
      ...[{ algorithm: -257 as const }, { signCount: 7 }],
    ];
    bases = await Promise.all(
      kinds.map(async (deviations) => {
        const { passkey, response } = createPasskey(ORIGIN, options, deviations);
        const { accepted } = await verifyRegistration(relyingParty, direct, response);
        if (!accepted) throw new Error('The registration was refused.');
        return { passkey, registration: response, credential: accepted };
      }),
    );
  });

  /** Registers with a response in which bytes are changed after the authenticator has signed. */
  async function registerWithChangedBytes(): Promise<Case> {
    const { registration } = chance.pick(bases);
    const field = chance.pick(['attestationObject', 'attestationObject', 'clientDataJSON', 'id'] as const);
    const [kind, text] = changeBytes(field === 'id' ? registration.id : registration.response[field], chance);
    const changed =
      field === 'id'
        ? { ...registration, id: text, rawId: text }
        : { ...registration, response: { ...registration.response, [field]: text } };
    return {
      ...{
        ceremony: 'registration',
        change: `${field}: ${kind}`,
        isInCertificate: differInCertificate(registration, changed),
      },
      ours: await ourRegistration(changed),
      theirs: await theirRegistration(changed),
    };
  }

  async function authenticateWithChangedBytes(): Promise<Case> {
    const valid = chance.pick(bases);
    const used = usePasskey(ORIGIN, valid.passkey, options);
    const field = chance.pick(['authenticatorData', 'clientDataJSON', 'signature', 'signature', 'id'] as const);
    const [kind, text] = changeBytes(field === 'id' ? used.id : used.response[field], chance);
    const changed =
      field === 'id' ? { ...used, id: text, rawId: text } : { ...used, response: { ...used.response, [field]: text } };
    return {
      ...{ ceremony: 'authentication', change: `${field}: ${kind}` },
      ours: await ourAuthentication(valid, changed),
      theirs: await theirAuthentication(valid, changed),
    };
  }

  /** Registers or authenticates with a field of another valid response. */
  async function swap(): Promise<Case> {
    const [one, other] = [chance.pick(bases), chance.pick(bases)];
    if (chance.below(2) === 0) {
      const field = chance.pick(['attestationObject', 'clientDataJSON'] as const);
      const response = { ...one.registration.response, [field]: other.registration.response[field] };
      const changed = { ...one.registration, response };
      return {
        ...{ ceremony: 'registration', change: `${field} of another response` },
        ours: await ourRegistration(changed),
        theirs: await theirRegistration(changed),
      };
    }
    const [used, otherUsed] = [one, other].map(({ passkey }) => usePasskey(ORIGIN, passkey, options)) as [
      AuthenticationResponse,
      AuthenticationResponse,
    ];
    const field = chance.pick(['authenticatorData', 'clientDataJSON', 'signature'] as const);
    const changed = { ...used, response: { ...used.response, [field]: otherUsed.response[field] } };
    return {
      ...{ ceremony: 'authentication', change: `${field} of another response` },
      ours: await ourAuthentication(one, changed),
      theirs: await theirAuthentication(one, changed),
    };
  }

  async function registerWithDeviations(): Promise<Case> {
    const [kind, deviations] = chance.below(2) === 0 ? deviationsOf(chance) : registrationDeviationsOf(chance);
    const { response } = createPasskey(ORIGIN, options, deviations);
    return {
      ...{ ceremony: 'registration', change: `signed, ${kind}` },
      ours: await ourRegistration(response),
      theirs: await theirRegistration(response),
    };
  }

  async function authenticateWithDeviations(): Promise<Case> {
    const valid = chance.pick(bases);
    const [kind, deviations] = deviationsOf(chance);
    const used = usePasskey(ORIGIN, valid.passkey, options, deviations);
    return {
      ...{ ceremony: 'authentication', change: `signed, ${kind}` },
      ours: await ourAuthentication(valid, used),
      theirs: await theirAuthentication(valid, used),
    };
  }

  it('accepts every unchanged response that the service accepts', async () => {
    for (const valid of bases) {
      expect(await ourRegistration(valid.registration)).toBeNull();
      expect(await theirRegistration(valid.registration)).toBeNull();
      const used = usePasskey(ORIGIN, valid.passkey, options);
      expect(await ourAuthentication(valid, used)).toBeNull();
      expect(await theirAuthentication(valid, used)).toBeNull();
    }
  });

  it(`accepts and refuses ${CASES} changed responses as the service does, except for explained differences`, async () => {
    const kinds = [
      ...[registerWithChangedBytes, authenticateWithChangedBytes, swap],
      ...[registerWithDeviations, registerWithDeviations, authenticateWithDeviations],
    ];
    const unexplained: Case[] = [];
    const counts = new Map<string, number>();
    for (let index = 0; index < CASES; index++) {
      const one = await chance.pick(kinds)();
      const same = (one.ours === null) === (one.theirs === null);
      const name = same ? (one.ours ? 'both refuse' : 'both accept') : explain(one);
      if (name === undefined) unexplained.push(one);
      else counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    console.info(Object.fromEntries(counts));
    expect(unexplained, 'differences without an explanation').toEqual([]);
    expect(counts.get('both refuse')).toBeGreaterThan(CASES / 4);
    expect(counts.get('both accept')).toBeGreaterThan(CASES / 50);
  });
});
