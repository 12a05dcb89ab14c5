import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { CreationOptions, RequestOptions } from '../../../functions/contract/values/console-options.ts';
import type { AuthenticationResponse, RegistrationResponse } from '../../../functions/contract/values/webauthn.ts';

/** A passkey as an authenticator stores it. */
export interface SoftPasskey {
  readonly credentialId: Buffer;
  readonly algorithm: Algorithm;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** Base64url. */
  readonly userHandle: string;
  readonly rpId: string;
  /** The sign count: the number of times the passkey was used, or always 0 if the authenticator does not count. */
  signCount: number;
}
export type Algorithm = -7 | -8 | -35 | -36 | -257;
/** Members of a COSE key, as pairs of a label and a value. */
type CoseMembers = readonly (readonly [label: number, value: number | string | Uint8Array<ArrayBuffer> | undefined])[];

/** Values that a faulty or malicious browser or authenticator uses instead of the correct values. */
export interface Deviations {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** The ceremony type that the browser reports in the client data, such as 'webauthn.get'. */
  readonly type?: string;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: unknown;
  readonly tokenBinding?: unknown;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly signCount?: number;
  /** Flags of the authenticator data that are inverted, as a bit mask. */
  readonly invertedFlags?: number;
  /** The extension data of the authenticator, in CBOR. The flag for extension data is not set. */
  readonly extensionData?: Uint8Array;
}

/** An attestation statement, and its format. */
interface Attestation {
  readonly fmt: string;
  readonly attStmt: ReadonlyMap<string, unknown>;
}
/** The data that an attestation statement is about. */
export interface Attested {
  readonly passkey: SoftPasskey;
  readonly authData: Buffer;
  readonly clientDataHash: Buffer;
  readonly aaguid: Buffer;
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const toBase64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');

/**
 * Creates a passkey. Returns the passkey, and the response that `navigator.credentials.create` returns in a browser on
 * a page at `origin`. `signCount` is the sign count of the new passkey. `attests` is the kind of attestation. By
 * default, there is no attestation.
 */
export function createPasskey(
  origin: string,
  options: Pick<CreationOptions, 'rp' | 'user' | 'challenge'>,
  deviations: Deviations & {
    readonly algorithm?: Algorithm;
    readonly credentialId?: Buffer;
    /** The key pair of the passkey. @default - a new one */
    readonly keyPair?: Pick<SoftPasskey, 'publicKey' | 'privateKey'>;
    readonly attests?: 'self' | 'certificate';
    readonly fmt?: string;
    /** Creates the attestation statement. Replaces `attests` and `fmt`. */
    readonly attest?: (attested: Attested) => Attestation;
    readonly aaguid?: Buffer;
    /** Members of the public key in COSE form that replace the correct members. `undefined` removes a member. */
    readonly key?: CoseMembers;
  } = {},
): { passkey: SoftPasskey; response: RegistrationResponse } {
  const { algorithm = -7, credentialId = randomBytes(32), attests, attest, extensionData } = deviations;
  // By default all zeros, so the authenticator does not reveal its model.
  const { aaguid = Buffer.alloc(16) } = deviations;
  const passkey: SoftPasskey = {
    credentialId,
    algorithm,
    ...(deviations.keyPair ?? newKeyPair(algorithm)),
    userHandle: options.user.id,
    rpId: options.rp.id,
    signCount: deviations.signCount ?? 0,
  };
  const clientDataJSON = clientData('webauthn.create', origin, options, deviations);
  const attested = Buffer.concat([
    aaguid,
    Buffer.from([credentialId.length >> 8, credentialId.length & 0xff]),
    credentialId,
    isoCBOR.encode(withMembers(coseKey(passkey), deviations.key)),
    extensionData ?? Buffer.alloc(0),
  ]);
  const { extensionData: _, ...flags } = deviations;
  const authData = Buffer.concat([authenticatorData(passkey, { ...flags, isAttested: true }), attested]);
  const signature = signWith(passkey, Buffer.concat([authData, sha256(clientDataJSON)]));
  const statement = {
    self: [
      ['alg', algorithm],
      ['sig', new Uint8Array(signature)],
    ],
    certificate: [
      ['alg', algorithm],
      ['sig', new Uint8Array(signature)],
      ['x5c', [new Uint8Array(64)]],
    ],
  } as const;
  const { fmt, attStmt } = attest?.({ passkey, authData, clientDataHash: sha256(clientDataJSON), aaguid }) ?? {
    fmt: deviations.fmt ?? (attests ? 'packed' : 'none'),
    attStmt: new Map<string, unknown>(attests ? statement[attests] : []),
  };
  const attestationObject = isoCBOR.encode(
    new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', new Uint8Array(authData)],
    ]) as Parameters<typeof isoCBOR.encode>[0],
  );
  const id = toBase64url(credentialId);
  return {
    passkey,
    response: {
      ...{ id, rawId: id, type: 'public-key' },
      response: {
        clientDataJSON: toBase64url(clientDataJSON),
        attestationObject: toBase64url(attestationObject),
        transports: ['internal', 'hybrid'],
      },
    },
  };
}

/**
 * Signs a challenge with a passkey. Increments the sign count of the passkey unless the sign count is 0. Returns the
 * response that `navigator.credentials.get` returns in a browser on a page at `origin`.
 */
export function usePasskey(
  origin: string,
  passkey: SoftPasskey,
  options: Pick<RequestOptions, 'challenge'>,
  deviations: Deviations & { readonly userHandle?: string | null } = {},
): AuthenticationResponse {
  if (passkey.signCount > 0) passkey.signCount += 1;
  const clientDataJSON = clientData('webauthn.get', origin, options, deviations);
  const authData = authenticatorData(passkey, deviations);
  const id = toBase64url(passkey.credentialId);
  const { userHandle = passkey.userHandle } = deviations;
  return {
    ...{ id, rawId: id, type: 'public-key' },
    response: {
      clientDataJSON: toBase64url(clientDataJSON),
      authenticatorData: toBase64url(authData),
      signature: toBase64url(signWith(passkey, Buffer.concat([authData, sha256(clientDataJSON)]))),
      userHandle,
    },
  };
}

function clientData(type: string, origin: string, { challenge }: { challenge: string }, deviations: Deviations) {
  return JSON.stringify({
    type: deviations.type ?? type,
    challenge: deviations.challenge ?? challenge,
    origin: deviations.origin ?? origin,
    crossOrigin: 'crossOrigin' in deviations ? deviations.crossOrigin : false,
    topOrigin: deviations.topOrigin,
    tokenBinding: deviations.tokenBinding,
  });
}

/**
 * Returns the authenticator data (WebAuthn, 6.1) without a credential: the hash of the RP ID, the flags (user present,
 * user verified, attested credential data), the sign count and the extension data.
 */
function authenticatorData(
  { rpId, signCount }: SoftPasskey,
  deviations: Deviations & { readonly isAttested?: boolean },
): Buffer {
  const flags =
    (deviations.isUserPresent === false ? 0 : 0x01) |
    (deviations.isUserVerified === false ? 0 : 0x04) |
    (deviations.isAttested ? 0x40 : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(deviations.signCount ?? signCount);
  const { invertedFlags = 0, extensionData = Buffer.alloc(0) } = deviations;
  return Buffer.concat([sha256(deviations.rpId ?? rpId), Buffer.from([flags ^ invertedFlags]), counter, extensionData]);
}

function newKeyPair(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case -7:
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case -35:
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case -36:
      return generateKeyPairSync('ec', { namedCurve: 'P-521' });
    case -8:
      return generateKeyPairSync('ed25519');
    case -257:
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

const HASHES = { [-7]: 'sha256', [-8]: null, [-35]: 'sha384', [-36]: 'sha512', [-257]: 'sha256' } as const;

/** Signs data with the private key of a passkey. */
export const signWith = ({ algorithm, privateKey }: SoftPasskey, data: Buffer): Buffer =>
  sign(HASHES[algorithm], data, privateKey);

function withMembers(key: Map<number, number | Uint8Array>, members: CoseMembers = []) {
  const changed = new Map<number, number | string | Uint8Array>(key);
  for (const [label, value] of members) {
    if (value === undefined) changed.delete(label);
    else changed.set(label, value);
  }
  return changed as Parameters<typeof isoCBOR.encode>[0];
}

/**
 * Returns the public key as a COSE key: the key type, the algorithm, and the curve and coordinates (RFC 9053) or, for
 * RSA, the modulus and the exponent (RFC 8230).
 */
export function coseKey({ algorithm, publicKey }: SoftPasskey): Map<number, number | Uint8Array<ArrayBuffer>> {
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'));
  const ec2 = (curve: number): [number, number | Uint8Array<ArrayBuffer>][] => [
    [1, 2],
    [3, algorithm],
    [-1, curve],
    [-2, bytes(jwk.x)],
    [-3, bytes(jwk.y)],
  ];
  const parameters: Record<Algorithm, [number, number | Uint8Array<ArrayBuffer>][]> = {
    [-7]: ec2(1),
    [-35]: ec2(2),
    [-36]: ec2(3),
    [-8]: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ],
    [-257]: [
      [1, 3],
      [3, -257],
      [-1, bytes(jwk.n)],
      [-2, bytes(jwk.e)],
    ],
  };
  return new Map(parameters[algorithm]);
}
