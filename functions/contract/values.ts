import * as z from 'zod';
import { fault, malformed } from './field-errors.ts';

/** The schemas of values that more than one route uses. */

/**
 * Returns the arguments with which zod's `refine` checks that an object has at least one field. `fields` names all
 * fields of the object.
 */
export const hasSome = (...fields: string[]) =>
  [
    (edit: object) => Object.keys(edit).length > 0,
    { error: fault('at-least-one-required'), params: { fields } },
  ] as const;

/**
 * Returns whether a text is valid Unicode. A text is invalid if it contains an unpaired surrogate or a replacement
 * character. A replacement character shows that the bytes were not UTF-8.
 */
const isUnicode = (text: string) => text.isWellFormed() && !text.includes('\uFFFD');

/**
 * Control characters, the line separators of Unicode, and characters that change the direction of the text after them.
 */
export const acting = String.raw`\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069`;

/**
 * Returns the schema of one line of text with 1 to `max` UTF-16 code units after trimming. The schema refuses control
 * characters, line separators, characters that change the direction of text, and invalid Unicode.
 */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(new RegExp(`^[^${acting}]*$`, 'u'), fault('not-one-line'))
    .refine(isUnicode, fault('not-unicode'));

/**
 * Returns the schema of a text that may be absent. The schema converts an empty text to null, which means that there is
 * no text.
 */
export const optionalText = (max: number, pattern: RegExp, message: string) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(pattern, message)
    .refine(isUnicode, fault('not-unicode'))
    .transform((text) => text || null)
    .nullable();

export const personName = line(200).meta({ description: 'Name of the person', examples: ['Alice Arai'] });

/**
 * An e-mail address, which the schema trims and converts to lower case. The service treats two addresses as the same if
 * they are equal after this conversion.
 */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email(malformed('not-an-email')))
  .meta({
    description: 'E-mail address. Upper and lower case are the same, and spaces around the address are ignored',
    examples: ['alice@example.com'],
  });

/** An ID that the service issued. A malformed ID cannot exist, so the response to a malformed ID in a path is 404. */
export const givenId = (prefix: 'adm' | 'rp' | 'key') =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{20}$`), fault('not-an-id'));

/**
 * A point in time in a request: a text in ISO 8601 with an offset. The schema converts the text to epoch milliseconds.
 */
export const instant = z.iso
  .datetime({ offset: true, ...malformed('not-a-time') })
  .transform((text) => Date.parse(text))
  .refine((time) => !Number.isNaN(time), fault('not-a-time'))
  .meta({ description: 'ISO 8601', examples: ['2026-11-22T09:30:00Z'] });
/** A point in time in a response. */
export const time = z.iso.datetime().meta({ description: 'ISO 8601 in UTC', examples: ['2026-11-22T09:30:00Z'] });
export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, fault('not-a-month'))
  .meta({ examples: ['2026-11'] });

/**
 * The position after which the next page of a list begins. The cursor contains the last key of the previous page as
 * base64url; callers treat the cursor as opaque. The schema decodes the cursor and returns the last key.
 */
export const cursor = z
  .base64url(malformed('not-a-cursor'))
  .min(1)
  .max(400)
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .refine((text) => /^[A-Za-z0-9._~:@+=-]{1,128}$/.test(text), fault('not-a-cursor'));
export const page = z.strictObject({
  cursor: cursor.optional(),
  limit: z
    .string()
    .refine((text) => /^-?\d+$/.test(text), { error: fault('wrong-type'), params: { expected: 'integer' } })
    .transform(Number)
    .pipe(z.number().min(1).max(100))
    .default(50)
    .meta({ description: 'The maximum number of items, 1 to 100; 50 by default', pattern: '^([1-9]\\d?|100)$' }),
});
export type Page = z.output<typeof page>;
/** Returns the schema of a response with a list. `nextCursor` is null on the last page. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/**
 * The body of the response to a request that makes the service send an e-mail. The body is always the same, so that the
 * response does not reveal whether an administrator has the address.
 */
export const mailAccepted = z.object({ detail: z.string() });
