import { domainToASCII } from 'node:url';
import * as z from 'zod';

/** The values that more than one route takes or gives. */

/** Half surrogate pairs are no text; a replacement character stands where bytes came that were no UTF-8. */
const isUnicode = (text: string) => text.isWellFormed() && !text.includes('\uFFFD');

/** Control characters, the line ends of Unicode, and what turns the direction of what is written behind it. */
const acting = String.raw`\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069`;

/**
 * One line of text, trimmed, of 1 to `max` UTF-16 code units, without what acts on what is around it, and no half surrogate
 * pairs.
 */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(new RegExp(`^[^${acting}]*$`, 'u'), 'Must be one line, without control characters')
    .refine(isUnicode, 'Must be well-formed Unicode');

/** Text that may be absent: an empty one and null both mean that there is none. */
export const optionalText = (max: number, pattern: RegExp, message: string) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(pattern, message)
    .refine(isUnicode, 'Must be well-formed Unicode')
    .transform((text) => text || null)
    .nullable();

export const customerName = line(200).meta({ description: 'Name of the customer', examples: ['Example Corporation'] });
export const personName = line(200).meta({ description: 'Name of the person', examples: ['Alice Arai'] });
export const postalAddress = optionalText(
  500,
  new RegExp(`^[^${acting}]*(\\r?\\n[^${acting}]*)*$`, 'u'),
  'Must be text without control characters but line breaks',
).meta({ description: 'Postal address', examples: ['1-2-3 Chuo, Tokyo'] });
export const phoneNumber = optionalText(
  30,
  /^[-+()./# 0-9a-zA-Z]*$/,
  'Must consist of digits, letters, spaces and + - ( ) . / #',
).meta({ description: 'Phone number', examples: ['+81 3 1234 5678'] });

/** An e-mail address, trimmed and lower-cased: that is its identity. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('Must be an e-mail address'))
  .meta({ description: 'E-mail address; compared trimmed and lower-cased', examples: ['alice@example.com'] });

/** What is ASCII and never part of a domain name: `domainToASCII` would cut off a path, undo escapes, leave out tabs. */
const neverInDomains = /[^A-Za-z0-9.\u0080-\u{10ffff}-]/u;
/** Gives the domain name in lower case and ASCII (punycode); anything that is no domain name stays and fails the pattern. */
const toAscii = (name: string) => (neverInDomains.test(name.trim()) ? name : domainToASCII(name.trim()) || name);
/** WebAuthn: "A valid domain string that identifies the WebAuthn Relying Party". At most 253 octets, labels of at most 63. */
const domainName =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const rpDomain = z
  .string()
  .max(253)
  .transform(toAscii)
  .pipe(z.string().regex(domainName, 'Must be a domain name, without scheme, port or path'))
  .meta({ description: 'The RP ID of WebAuthn: a domain name', examples: ['shop.example.com'] });
export const rpName = line(200).meta({ description: 'Name of the RP', examples: ['Example Shop'] });
export const passkeyName = line(200).meta({ description: 'Which one it is', examples: ['Phone of Alice'] });
export const apiKeyName = line(200).meta({ description: 'What the API key is for', examples: ['Production'] });

export const privilege = z.enum(['administrator', 'privileged']).meta({
  description: 'A privileged administrator may also edit the customer and its administrators',
});

export const userId = z
  .string()
  .regex(
    /^(?![.~:@+=])[A-Za-z0-9._~:@+=-]{1,128}$/,
    'Must be 1 to 128 of A-Z a-z 0-9 . _ ~ : @ + = - and not begin with . ~ : @ + =; send anything else as base64url',
  )
  .meta({ description: "The user's ID, chosen by the RP", examples: ['user-1'] });

/** An ID that we gave. Whatever has not the form of one exists not: 404 in a path. */
export const givenId = (prefix: 'adm' | 'rp' | 'key') =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{20}$`), `Must be an ID that we gave, ${prefix}_…`);

/** A point in time, ISO 8601 with its offset, as epoch milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, message: 'Must be a time of ISO 8601 with its offset, such as 2026-11-22T09:30:00Z' })
  .transform((text) => Date.parse(text))
  .refine((time) => !Number.isNaN(time), 'Must be a time that exists')
  .meta({ description: 'ISO 8601', examples: ['2026-11-22T09:30:00Z'] });
/** A point in time as we give it. */
export const time = z.iso.datetime().meta({ description: 'ISO 8601 in UTC', examples: ['2026-11-22T09:30:00Z'] });
export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Must be a month, such as 2026-11')
  .meta({ examples: ['2026-11'] });

/** Where a list goes on: the last key that was read, opaque to callers. */
export const cursor = z
  .base64url('Must be the nextCursor of an earlier answer')
  .min(1)
  .max(400)
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .refine((text) => /^[A-Za-z0-9._~:@+=-]{1,128}$/.test(text), 'Must be the nextCursor of an earlier answer');
export const page = z.strictObject({
  cursor: cursor.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'Must be a whole number from 1 to 100')
    .transform(Number)
    .default(50)
    .meta({ description: 'How many at most, 1 to 100; 50 when left out' }),
});
export type Page = z.output<typeof page>;
/** A list as we answer it. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** The answer to whoever asks for an e-mail: always the same. */
export const mailAccepted = z.object({ detail: z.string() });
