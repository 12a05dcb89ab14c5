import { createHash } from 'node:crypto';
import { endOfItem, decodeCbor } from './cbor.ts';
import { refuse, refusing } from './refusal.ts';

/** The authenticator data of a response (WebAuthn, 6.1). */
export interface AuthenticatorData {
  /** The SHA-256 of the RP ID. */
  readonly rpIdHash: Uint8Array;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly signCount: number;
  /**
   * The new credential.
   * @default - the authenticator data contains no credential
   */
  readonly attested?: AttestedCredential;
}
export interface AttestedCredential {
  /** The AAGUID as a UUID. */
  readonly aaguid: string;
  readonly id: Uint8Array;
  /** The public key in COSE form. */
  readonly publicKey: Uint8Array;
}

const FLAGS = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extensions: 0x80,
} as const;
const SIGN_COUNT_AT = 33;
const ATTESTED_AT = 37;
const ID_LENGTH_AT = ATTESTED_AT + 16;
const ID_AT = ID_LENGTH_AT + 2;

/**
 * Parses authenticator data. Refuses authenticator data that end too early, that have bytes after the end, or whose
 * extension data is not a map. Ignores the reserved flags and the contents of the extension data.
 */
export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  return refusing('authenticator-data', () => {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const flags = data.readUInt8(32);
    const has = (flag: keyof typeof FLAGS) => (flags & FLAGS[flag]) !== 0;
    const signCount = data.readUInt32BE(SIGN_COUNT_AT);
    let end = ATTESTED_AT;
    let attested: AttestedCredential | undefined;
    if (has('attested')) {
      const keyAt = ID_AT + data.readUInt16BE(ID_LENGTH_AT);
      end = endOfItem(data, keyAt);
      attested = {
        aaguid: uuid(data.subarray(ATTESTED_AT, ID_LENGTH_AT)),
        id: new Uint8Array(data.subarray(ID_AT, keyAt)),
        publicKey: new Uint8Array(data.subarray(keyAt, end)),
      };
    }
    if (has('extensions')) {
      if (!(decodeCbor(data.subarray(end)) instanceof Map)) throw new Error('The extension data is not a map');
    } else if (end !== data.length) throw new Error('Other bytes follow the authenticator data');
    return {
      rpIdHash: data.subarray(0, 32),
      userPresent: has('userPresent'),
      userVerified: has('userVerified'),
      backupEligible: has('backupEligible'),
      backedUp: has('backedUp'),
      signCount,
      ...(attested && { attested }),
    };
  });
}

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Refuses authenticator data of another RP, and flags that the ceremony does not allow (WebAuthn, 7.1-14 to 17, 7.2-15
 * to 18).
 */
export function checkAuthenticatorData(
  data: AuthenticatorData,
  rpId: string,
  requires: { readonly userPresence: boolean; readonly userVerification: boolean },
): void {
  const isForRp = createHash('sha256').update(rpId).digest().equals(data.rpIdHash);
  if (!isForRp) refuse('rp-id-hash', 'The authenticator data is for another RP ID');
  if (requires.userPresence && !data.userPresent) refuse('user-presence', 'The user was not present');
  if (requires.userVerification && !data.userVerified) refuse('user-verification', 'The user was not verified');
  if (data.backedUp && !data.backupEligible) refuse('backup-state', 'The flag BS is set without the flag BE');
}
