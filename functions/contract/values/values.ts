import * as z from 'zod';
import { fault, malformed } from '../errors/field-errors.ts';
import { isBlank } from './texts.ts';

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
 * The content of a character class in a regular expression: control characters, the line separators of Unicode, and
 * characters that change the direction of the text after them.
 */
export const acting = String.raw`\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069`;

/**
 * Trims a text, and converts a text without a visible character to an empty text. Other invisible characters stay,
 * because emoji, Persian and Indian languages need joiners and variation selectors between visible characters.
 */
const trimmed = (text: string) => (isBlank(text) ? '' : text.trim());

/**
 * Returns the schema of one line of text with 1 to `max` UTF-16 code units after trimming. The schema refuses texts
 * without a visible character, control characters, line separators, characters that change the direction of text, and
 * invalid Unicode.
 */
export const line = (max: number) =>
  z
    .string()
    .overwrite(trimmed)
    .min(1)
    .max(max)
    .regex(new RegExp(`^[^${acting}]*$`, 'u'), fault('not-one-line'))
    .refine(isUnicode, fault('not-unicode'));

/**
 * Returns the schema of a text that may be empty or null. The schema trims the text, converts the text with `simplify`,
 * and converts a text without a visible character to null.
 */
export const optionalText = (
  max: number,
  pattern: RegExp,
  message: string,
  simplify: (text: string) => string = (text) => text,
) =>
  z
    .string()
    // A text that is much too long stays as it is, because `simplify` may be slow: the Unicode normalization of 128 KB
    // of combining marks takes a second.
    .overwrite((text) => (text.length > 4 * max ? text : trimmed(simplify(text))))
    .max(max, { abort: true })
    .regex(pattern, message)
    .refine(isUnicode, fault('not-unicode'))
    .transform((text) => text || null)
    .nullable();

export const personName = line(200).meta({ description: 'Name of the person', examples: ['Alice Arai'] });

export const userId = z
  .string()
  .regex(/^(?![.~:@+=])[A-Za-z0-9._~:@+=-]{1,128}$/, fault('not-a-user-id'))
  .meta({ description: "The user's ID, chosen by the RP", examples: ['user-1'] });

/**
 * Returns the schema of an ID that the service issued. The service never issues a malformed ID, so the response to a
 * malformed ID in a path is 404.
 */
export const givenId = (prefix: 'cus' | 'adm' | 'rp' | 'key') =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{20}$`), fault('not-an-id'));

/** Returns the schema of a list in which each text occurs once. */
export const eachOnce = (text: z.ZodType<string>, max: number, min = 0) =>
  z
    .array(text)
    .min(min)
    .max(max)
    .superRefine((texts, context) => {
      const seen = new Set<string>();
      texts.forEach((each, index) => {
        if (seen.has(each)) context.addIssue({ code: 'custom', path: [index], message: fault('duplicate') });
        seen.add(each);
      });
    });

/**
 * A JSON object in a response. Its schema accepts any value: `z.json` is recursive, and would have no name in OpenAPI.
 */
export const jsonObject = z.record(z.string(), z.unknown() as z.ZodType<z.core.util.JSONType>);

/** The maximum size of a JSON object of an RP, in bytes of UTF-8. */
const MAX_ATTRIBUTES = 2_048;

/**
 * Returns whether a JSON value of `MAX_ATTRIBUTES` bytes could have as many levels as `object`. Does not recurse:
 * thousands of levels would exhaust the stack of `JSON.stringify` and of zod.
 */
function hasPossibleDepth(object: object): boolean {
  let level: unknown[] = [object];
  for (let levels = 0; levels < MAX_ATTRIBUTES / 2; levels += 1) {
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return true;
  }
  return false;
}

/** Returns whether all values in a JSON object, and the names of all its fields, pass a check. */
function all(object: object, isRight: (value: unknown) => boolean): boolean {
  let areRight = true;
  JSON.stringify(object, (name, value: unknown) => {
    areRight &&= isRight(name) && isRight(value);
    return value;
  });
  return areRight;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A JSON object that the RP stores with a user or a credential. The service does not interpret it. The schema is no
 * `z.record`, which would drop a field named `__proto__` without an error.
 */
export const attributes = z
  .unknown()
  .refine(isObject, { error: fault('wrong-type'), params: { expected: 'object' }, abort: true })
  .transform((value) => value as z.output<typeof jsonObject>)
  .refine((object) => hasPossibleDepth(object) && Buffer.byteLength(JSON.stringify(object)) <= MAX_ATTRIBUTES, {
    error: fault('too-large'),
    params: { max: MAX_ATTRIBUTES },
    abort: true,
  })
  .refine((object) => all(object, (value) => typeof value !== 'string' || isUnicode(value)), fault('not-unicode'))
  // `JSON.parse` returns Infinity for a number such as 1e400.
  .refine((object) => all(object, (value) => typeof value !== 'number' || Number.isFinite(value)), {
    error: fault('too-large'),
    params: { max: Number.MAX_VALUE },
  })
  .meta({
    override: { type: 'object', additionalProperties: {}, examples: [{ plan: 'gold' }] },
    description: `A JSON object of at most ${MAX_ATTRIBUTES} bytes that the service stores for the RP`,
  });

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
