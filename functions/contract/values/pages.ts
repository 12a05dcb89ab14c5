import * as z from 'zod';
import { fault, malformed } from '../errors/field-errors.ts';

/** The schemas of lists that the service returns page by page. */

/**
 * Returns the schema of the position after which the next page of a list begins. The cursor contains the last key of
 * the previous page, which matches `key`, as base64url; callers treat the cursor as opaque. The schema decodes the
 * cursor and returns the last key.
 */
export const cursorOf = (key: RegExp, longest = 400) =>
  z
    .base64url(malformed('not-a-cursor'))
    .min(1)
    .max(longest)
    .transform((text) => Buffer.from(text, 'base64url').toString())
    .refine((text) => key.test(text), fault('not-a-cursor'));
/** The cursor of a list whose keys are IDs. */
export const cursor = cursorOf(/^[A-Za-z0-9._~:@+=-]{1,128}$/);
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
