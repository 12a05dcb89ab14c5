import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  AuthorizationList,
  id_ce_keyDescription,
  IntegerSet,
  KeyDescription,
  SecurityLevel,
} from '@peculiar/asn1-android';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  ExtendedKeyUsage,
  GeneralName,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  SubjectAlternativeName,
  type Extension,
} from '@peculiar/asn1-x509';
import { signWith, type Attested } from '../support/fido2/authenticator.ts';
import { basicConstraints, certificate, extension, nameOf, type Names } from './certificates.ts';

/** The key of the authority that signs the attestation certificates of the tests, and its certificate. */
const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const AUTHORITY: Names = { CN: 'Attestation authority' };
export const rootCertificate = certificate({
  ...{ subject: AUTHORITY, issuer: AUTHORITY },
  publicKey: authority.publicKey,
  issuerKey: authority.privateKey,
  extensions: [basicConstraints(true)],
});

/** The attestation key of an authenticator. */
const attestation = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
const bytes = (data: Uint8Array) => new Uint8Array(data);
const signedData = ({ authData, clientDataHash }: Attested) => Buffer.concat([authData, clientDataHash]);
const signedByAttestationKey = (data: Buffer) => bytes(sign('sha256', data, attestation.privateKey));
const issuedFor = (publicKey = attestation.publicKey) =>
  ({ issuer: AUTHORITY, publicKey, issuerKey: authority.privateKey }) as const;

const SUBJECT: Names = { C: 'JP', O: 'Example', OU: 'Authenticator Attestation', CN: 'Attestation' };
const ID_FIDO_GEN_CE_AAGUID = '1.3.6.1.4.1.45724.1.1.4';

/** Returns the extension in which an attestation certificate names the model of the authenticator. */
const aaguidIs = (aaguid: Buffer) => extension(ID_FIDO_GEN_CE_AAGUID, Buffer.concat([Buffer.from([0x04, 16]), aaguid]));

/** Values that a faulty or malicious authenticator puts into a statement instead of the correct values. */
export interface StatementDeviations {
  /** Members that replace the correct members of the statement. `undefined` removes a member. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly subject?: Names;
  /** More extensions of the first certificate. */
  readonly extensions?: readonly Extension[];
  /** The AAGUID in the certificate. */
  readonly certifiedAaguid?: Buffer;
  readonly isAuthority?: boolean;
  /** The list of what the secure environment of an Android device enforces. */
  readonly teeEnforced?: Partial<AuthorizationList>;
  readonly softwareEnforced?: Partial<AuthorizationList>;
  /** The challenge that an Android or Apple certificate contains. */
  readonly challenge?: Buffer;
}

function statement(fmt: string, members: Record<string, unknown>, deviations: StatementDeviations) {
  const all = Object.entries({ ...members, ...deviations.members }).filter(([, value]) => value !== undefined);
  return { fmt, attStmt: new Map(all) };
}

/** Makes an authenticator create a `packed` statement with a certificate. */
export const packed =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const { subject = SUBJECT, extensions = [], isAuthority = false } = deviations;
    const leaf = certificate({
      ...issuedFor(),
      subject,
      extensions: [
        basicConstraints(isAuthority),
        aaguidIs(deviations.certifiedAaguid ?? attested.aaguid),
        ...extensions,
      ],
    });
    const sig = signedByAttestationKey(signedData(attested));
    return statement('packed', { alg: -7, sig, x5c: [leaf] }, deviations);
  };

/** Makes an authenticator create a `packed` statement that the credential itself signs. */
export const packedSelf =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const sig = bytes(signWith(attested.passkey, signedData(attested)));
    return statement('packed', { alg: attested.passkey.algorithm, sig }, deviations);
  };

/** Makes an authenticator create a `fido-u2f` statement. */
export const fidoU2f =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const { passkey, authData, clientDataHash } = attested;
    const { x = '', y = '' } = passkey.publicKey.export({ format: 'jwk' });
    const signed = Buffer.concat([
      Buffer.from([0]),
      authData.subarray(0, 32),
      clientDataHash,
      passkey.credentialId,
      Buffer.from([4]),
      ...[x, y].map((coordinate) => Buffer.from(coordinate, 'base64url')),
    ]);
    const { extensions = [] } = deviations;
    const leaf = certificate({ ...issuedFor(), subject: { CN: 'U2F' }, extensions });
    return statement('fido-u2f', { sig: signedByAttestationKey(signed), x5c: [leaf] }, deviations);
  };

/** Makes an authenticator create an `apple` statement. */
export const apple =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const nonce = deviations.challenge ?? sha256(signedData(attested));
    const value = Buffer.concat([Buffer.from([0x30, 0x24, 0xa1, 0x22, 0x04, 0x20]), nonce]);
    const leaf = certificate({
      ...issuedFor(attested.passkey.publicKey),
      subject: { CN: 'Apple' },
      extensions: [extension('1.2.840.113635.100.8.2', value)],
    });
    return statement('apple', { x5c: [leaf, rootCertificate] }, deviations);
  };

/** Makes an authenticator create an `android-key` statement. */
export const androidKey =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const {
      teeEnforced = { origin: 0, purpose: new IntegerSet([2]) },
      softwareEnforced = {},
      extensions = [],
    } = deviations;
    const description = new KeyDescription({
      attestationVersion: 3,
      attestationSecurityLevel: SecurityLevel.trustedEnvironment,
      keymasterVersion: 4,
      keymasterSecurityLevel: SecurityLevel.trustedEnvironment,
      attestationChallenge: new OctetString(bytes(deviations.challenge ?? attested.clientDataHash)),
      uniqueId: new OctetString(),
      softwareEnforced: new AuthorizationList(softwareEnforced),
      teeEnforced: new AuthorizationList(teeEnforced),
    });
    const leaf = certificate({
      ...issuedFor(attested.passkey.publicKey),
      subject: { CN: 'Android Keystore Key' },
      extensions: [extension(id_ce_keyDescription, AsnConvert.serialize(description)), ...extensions],
    });
    const sig = bytes(signWith(attested.passkey, signedData(attested)));
    return statement('android-key', { alg: attested.passkey.algorithm, sig, x5c: [leaf, rootCertificate] }, deviations);
  };

const uint16 = (number: number) => Buffer.from([number >> 8, number & 0xff]);
const sized = (data: Uint8Array) => Buffer.concat([uint16(data.length), data]);

/** Makes an authenticator create a `tpm` statement for a credential on P-256. */
export const tpm =
  (deviations: StatementDeviations = {}) =>
  (attested: Attested) => {
    const { x = '', y = '' } = attested.passkey.publicKey.export({ format: 'jwk' });
    // TPMT_PUBLIC: ECC, SHA-256, attributes, no policy, no symmetric algorithm, no scheme, P-256, no key derivation.
    const pubArea = Buffer.concat([
      Buffer.from('0023000b0000000000000010001000030010', 'hex'),
      ...[x, y].map((coordinate) => sized(Buffer.from(coordinate, 'base64url'))),
    ]);
    // TPMS_ATTEST: TPM_GENERATED_VALUE, TPM_ST_ATTEST_CERTIFY, the hash, the clock and the firmware, and the name.
    const certInfo = Buffer.concat([
      Buffer.from('ff54434780170000', 'hex'),
      sized(sha256(signedData(attested))),
      Buffer.alloc(25),
      sized(Buffer.concat([uint16(0x000b), sha256(pubArea)])),
      uint16(0),
    ]);
    const { subject = {} } = deviations;
    const device = nameOf({ '2.23.133.2.1': 'id:49465800', '2.23.133.2.2': 'Model', '2.23.133.2.3': 'id:13' });
    const leaf = certificate({
      ...issuedFor(),
      subject,
      extensions: [
        extension(
          id_ce_subjectAltName,
          AsnConvert.serialize(new SubjectAlternativeName([new GeneralName({ directoryName: device })])),
        ),
        extension(id_ce_extKeyUsage, AsnConvert.serialize(new ExtendedKeyUsage(['2.23.133.8.3']))),
        basicConstraints(false),
        aaguidIs(deviations.certifiedAaguid ?? attested.aaguid),
      ],
    });
    const sig = signedByAttestationKey(certInfo);
    const members = { ver: '2.0', alg: -7, x5c: [leaf], sig, certInfo: bytes(certInfo), pubArea: bytes(pubArea) };
    return statement('tpm', members, deviations);
  };
