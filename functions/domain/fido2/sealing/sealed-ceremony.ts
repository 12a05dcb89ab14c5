import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CeremonyRefusedError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { dayOf, FORMAT, keyOf } from './ceremony-keys.ts';
import type { SecretServices, StageSecrets } from './ceremony-secrets.ts';

/**
 * A ceremony that has begun is an opaque text, which the RP's server keeps and sends back at the end. So the service
 * stores nothing when a ceremony begins. The text is base64url of these bytes:
 *
 *     format (1 byte) · day of the beginning (2 bytes) · nonce (12 bytes) · ciphertext · tag (16 bytes)
 *
 * AES-256-GCM seals the content. HKDF derives its key from a secret of the stage, the service's own ID of the RP and
 * the day, so that a key is used for few ceremonies and the service need not store keys. The format, the day, the RP
 * and the type of the ceremony are authenticated, so that no other RP and no other route accepts the text.
 */
export type CeremonyType = 'registration' | 'authentication';

/** The times in both types of ceremony, in epoch milliseconds. */
export interface CeremonyTimes {
  readonly begin: number;
  readonly end: number;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 3;

/**
 * The texts that the JSON of most ceremonies contains. The compression refers to them, so that names and IDs of the
 * maximum length leave room. A change of this text needs another `FORMAT`.
 */
const DICTIONARY = Buffer.from(
  '"isConditional":true,"isConcealed":true,"newUser":{"userName":"","displayName":null,"userVerification":"required' +
    '"userVerification":"preferred","attestation":"direct","attestation":"none","named":{"userId":"","accepts":["' +
    '{"begin":17,"end":17,"challenge":"","context":"","userId":"","userHandle":"',
);

const headOf = (day: number): Buffer => Buffer.from([FORMAT, day >> 8, day & 0xff]);
const authenticatedData = (head: Uint8Array, rpRef: string, type: CeremonyType) =>
  Buffer.concat([head, Buffer.from(`${rpRef} ${type}`)]);

/**
 * Seals a ceremony. `content` is JSON; the service compresses it, because names and IDs of the maximum length would
 * otherwise exceed the 2,048 characters that the contract allows. Writes nothing.
 */
export async function sealCeremony(
  { stageSecrets }: SecretServices,
  rpRef: string,
  type: CeremonyType,
  content: CeremonyTimes,
): Promise<string> {
  const [newest] = await stageSecrets();
  if (!newest) throw new Error('The stage has no secret for ceremonies.');
  const day = dayOf(content.begin);
  const key = keyOf({ secret: newest, rpRef, day }, day);
  if (!key) throw new Error('The day of the ceremony has no key.');
  const head = headOf(day);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(authenticatedData(head, rpRef, type));
  const sealed = Buffer.concat([
    cipher.update(deflateRawSync(JSON.stringify(content), { dictionary: DICTIONARY })),
    cipher.final(),
  ]);
  return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The services that opening a ceremony needs. */
export type OpeningServices = SecretServices & Pick<Services, 'clock'>;

/**
 * Opens a sealed ceremony. Throws `CeremonyRefusedError` with `ceremony-invalid` when this service did not seal the
 * text for this RP and this type of ceremony. Does not check whether the ceremony has ended: a ceremony of long ago is
 * opened too, so that its RP is told that it has expired.
 */
export async function openCeremony(
  services: OpeningServices,
  rpRef: string,
  type: CeremonyType,
  text: string,
): Promise<unknown> {
  const bytes = Buffer.from(text, 'base64url');
  const today = dayOf(services.clock.now());
  const open = (secrets: StageSecrets) => openWith(secrets, rpRef, type, bytes, today);
  const opened = open(await services.stageSecrets()) ?? open((await services.newerStageSecrets()) ?? []);
  if (!opened) throw ceremonyInvalid();
  return opened;
}

/** Returns the error for a ceremony that was changed, or belongs to another RP, type or context. */
export const ceremonyInvalid = () =>
  new CeremonyRefusedError(
    'ceremony-invalid',
    'The ceremony was not made for this RP, this route and this context, was changed, or was begun with an API key that is wrong or deleted. Begin a new one.',
  );

function openWith(secrets: StageSecrets, rpRef: string, type: CeremonyType, bytes: Buffer, today: number): unknown {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (bytes.length <= HEAD_BYTES + NONCE_BYTES + TAG_BYTES || head[0] !== FORMAT) return undefined;
  const nonce = bytes.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const sealed = bytes.subarray(HEAD_BYTES + NONCE_BYTES, -TAG_BYTES);
  for (const secret of secrets) {
    const key = keyOf({ secret, rpRef, day: head.readUInt16BE(1) }, today);
    if (!key) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticatedData(head, rpRef, type));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const json = inflateRawSync(Buffer.concat([decipher.update(sealed), decipher.final()]), {
        dictionary: DICTIONARY,
      });
      return JSON.parse(json.toString());
    } catch {
      // Another secret may have sealed the ceremony.
    }
  }
  return undefined;
}
