import { encodeCBOR, type CBORType } from '@levischuck/tiny-cbor';
import { decodeCbor } from './cbor.ts';
import { refuse, refusing } from './refusal.ts';

/** An attestation object (WebAuthn, 6.5.4). */
export interface AttestationObject {
  /** The attestation statement format, such as `packed`. */
  readonly format: string;
  /** The attestation statement. Its members depend on the format. */
  readonly statement: ReadonlyMap<unknown, unknown>;
  /** The authenticator data. */
  readonly authData: Uint8Array<ArrayBuffer>;
}

/** Decodes an attestation object. Refuses anything but a CBOR map with the members that WebAuthn requires. */
export function decodeAttestationObject(bytes: Uint8Array): AttestationObject {
  const decoded = refusing('attestation-object', () => decodeCbor(bytes));
  const members: ReadonlyMap<unknown, unknown> = decoded instanceof Map ? decoded : new Map();
  const [format, statement, authData] = ['fmt', 'attStmt', 'authData'].map((member) => members.get(member));
  if (typeof format !== 'string' || !(statement instanceof Map) || !(authData instanceof Uint8Array)) {
    return refuse('attestation-object', 'The attestation object lacks a member, or a member has the wrong type');
  }
  return { format, statement, authData: new Uint8Array(authData) };
}

/** Returns an attestation object, as base64url, that contains the authenticator data and no attestation statement. */
export const withoutStatement = ({ authData }: AttestationObject): string =>
  Buffer.from(
    encodeCBOR(
      new Map<string, CBORType>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    ),
  ).toString('base64url');
