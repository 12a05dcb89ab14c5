import { sign, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
/** The types of the attributes of a name (X.520). */
const ATTRIBUTES: Readonly<Record<string, string>> = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' };

/** A distinguished name, such as `{ C: 'JP', CN: 'Attestation' }`. A key may also be the OID of an attribute. */
export type Names = Readonly<Record<string, string>>;

/** Returns a distinguished name. */
export const nameOf = (names: Names): Name =>
  new Name(
    Object.entries(names).map(
      ([key, utf8String]) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({
            type: ATTRIBUTES[key] ?? key,
            value: new AttributeValue({ utf8String }),
          }),
        ]),
    ),
  );

/** Returns a certificate extension that is not critical. `value` is the extension's value in DER. */
export const extension = (oid: string, value: Uint8Array | ArrayBuffer): Extension =>
  new Extension({ extnID: oid, critical: false, extnValue: new OctetString(new Uint8Array(value)) });

/** Returns the extension that says whether a certificate is the one of an authority. */
export const basicConstraints = (cA: boolean): Extension =>
  extension(id_ce_basicConstraints, AsnConvert.serialize(new BasicConstraints({ cA })));

/** Returns the extension that names the address of a revocation list. */
export const revocationListAt = (address: string): Extension => {
  const fullName = [new GeneralName({ uniformResourceIdentifier: address })];
  const point = new DistributionPoint({ distributionPoint: new DistributionPointName({ fullName }) });
  return extension(id_ce_cRLDistributionPoints, AsnConvert.serialize(new CRLDistributionPoints([point])));
};

/** Creates a certificate in DER, signed with `issuerKey`, a private key on P-256. */
export function certificate({
  subject,
  issuer,
  publicKey,
  issuerKey,
  extensions,
}: {
  readonly subject: Names;
  readonly issuer: Names;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly Extension[];
}): Uint8Array {
  const signatureAlgorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: new Uint8Array([1]).buffer,
    signature: signatureAlgorithm,
    issuer: nameOf(issuer),
    validity: new Validity({ notBefore: new Date('2020-01-01'), notAfter: new Date('2049-01-01') }),
    subject: nameOf(subject),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo),
    extensions: new Extensions([...extensions]),
  });
  const signatureValue = new Uint8Array(sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), issuerKey));
  return new Uint8Array(
    AsnConvert.serialize(
      new Certificate({ tbsCertificate, signatureAlgorithm, signatureValue: signatureValue.buffer }),
    ),
  );
}
