import * as z from 'zod';
import { fault } from '../errors/field-errors.ts';
import { bytes } from '../values/bytes.ts';
import { attributes } from '../values/values.ts';

/**
 * The schemas of values in the FSS format. Clients of this format send null for a value that they leave out, and send
 * whole objects back that they have received, so each object ignores unknown fields.
 */

/** A user ID of the FSS format, which is the user handle of WebAuthn: 1 to 64 bytes. */
export const fssUserId = bytes(86);

/** The ID of somebody or something that a call looks up. The domain decides whether it can exist. */
export const lookedUp = z.string().min(1);

/** A switch that is off by default. */
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Returns the JSON value in a text, and any other value as it is. A text that is not JSON stays a text. */
function withoutText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Attributes: a JSON object, a JSON text of one, or null, also as text. Undefined if the call leaves them out. */
export const fssAttributes = z.unknown().transform(withoutText).pipe(attributes.nullable()).optional();

/** A JSON object, or a JSON text of one. */
export const objectOrText = z.unknown().transform(withoutText);

/** The time of the last change that the client knows, in epoch milliseconds. */
export const updated = z
  .string()
  .nullish()
  .transform((text) => (text == null ? undefined : Date.parse(text)))
  .refine((time) => time === undefined || !Number.isNaN(time), fault('not-a-time'));

/** The options of a call that changes something. */
export const updateOptions = z.object({ withUpdatedCheck: flag }).nullish();
