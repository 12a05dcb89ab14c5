import * as z from 'zod';
import { isDomainName } from './domain-names.ts';
import { fault } from '../errors/field-errors.ts';

/** The maximum length of an origin: a domain name of 253 characters, with scheme and port. */
const MAX_ORIGIN = 270;

/**
 * Returns whether a text is the origin of a website in the form in which browsers send it (RFC 6454, 6.2): lower case,
 * with punycode, and without path, user and default port. The host is a domain name.
 */
function isWebOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && origin === text && isDomainName(hostname);
}

const ANDROID = 'android:apk-key-hash:';
/** The length of a SHA-256 in bytes. */
const SHA256_BYTES = 32;

/**
 * Returns whether a text is the origin of an Android app: `android:apk-key-hash:` and the SHA-256 of the certificate
 * that signed the app, as 43 characters of base64url.
 */
export function isAndroidOrigin(text: string): boolean {
  if (!text.startsWith(ANDROID)) return false;
  const hash = text.slice(ANDROID.length);
  const bytes = Buffer.from(hash, 'base64url');
  return bytes.length === SHA256_BYTES && bytes.toString('base64url') === hash;
}

/** The origin of a website. */
export const webOrigin = z.string().max(MAX_ORIGIN, { abort: true }).refine(isWebOrigin, fault('not-a-web-origin'));

/** The origin of a website or of an Android app. */
export const appOrigin = z
  .string()
  .max(MAX_ORIGIN, { abort: true })
  .refine((text) => isWebOrigin(text) || isAndroidOrigin(text), fault('not-an-origin'));
