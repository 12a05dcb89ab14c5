import { createHash, createPrivateKey, hkdfSync, randomBytes, sign } from 'node:crypto';
import type { OpenedAuthentication } from './ceremonies.ts';

const NAME = 'fido2-server-service ceremony 2';

/** The values of a ceremony that an RP's server begins. */
export interface BegunByRp {
  readonly apiKey: string;
  readonly rpId: string;
  /** When the ceremony begins, in epoch milliseconds. */
  readonly begin: number;
  /** How long the ceremony lasts, in seconds. @default 360 */
  readonly lasts?: number;
  readonly context?: string;
  /** The byte that says whether the authenticator must verify the user. @default 1, `preferred` */
  readonly userVerification?: number;
  /** Changes the bytes that are signed. @default - no change */
  readonly change?: (signed: Buffer) => void;
}

/**
 * Begins an unnamed authentication as an RP's server does without a call, by the description of the format and without
 * the service's code. Returns the bytes of the ceremony and the options for the browser.
 */
export function beginByRp({ apiKey, rpId, begin, lasts = 360, userVerification = 1, ...rest }: BegunByRp): {
  bytes: Buffer;
  ceremony: string;
  options: OpenedAuthentication['options'];
} {
  const [, id = '', secret = ''] = /^fido2_([0-9a-z]+)_(.+)$/.exec(apiKey) ?? [];
  const signed = Buffer.alloc(62);
  signed.writeUInt8(2, 0);
  signed.write(id, 1, 'latin1');
  signed.writeUIntBE(begin, 21, 6);
  signed.writeUInt16BE(lasts, 27);
  signed.writeUInt8(userVerification, 29);
  randomBytes(32).copy(signed, 30);
  rest.change?.(signed);
  const seed = Buffer.from(hkdfSync('sha256', secret, '', NAME, 32));
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const context = createHash('sha256')
    .update(rest.context ?? '')
    .digest();
  const message = Buffer.concat([Buffer.from(NAME), signed, context]);
  const bytes = Buffer.concat([signed, sign(null, message, privateKey)]);
  const challenge = createHash('sha256').update(message).digest('base64url');
  return {
    bytes,
    ceremony: bytes.toString('base64url'),
    options: { rpId, challenge, userVerification: 'preferred' },
  };
}
