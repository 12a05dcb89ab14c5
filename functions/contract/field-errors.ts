import type * as z from 'zod';
import { fieldErrorKinds, type FieldErrorCode } from './field-error-kinds.ts';
import { operatorErrorKinds, type OperatorErrorCode } from './operator-error-kinds.ts';

/**
 * Each entry of a problem's `errors` carries the code of its kind. Clients go by the code and its parameters, and may
 * write their own text; `detail` is our own text in English.
 */

const kinds = { ...fieldErrorKinds, ...operatorErrorKinds };
type AnyCode = FieldErrorCode | OperatorErrorCode;
type DetailOf<Code extends AnyCode> = (typeof kinds)[Code]['detail'];

/** Says which field is wrong, and how. The parameters of its code stand beside it. */
export interface FieldError {
  /** A JSON pointer as a URI fragment (RFC 6901, section 6), also to parameters. */
  readonly pointer: string;
  readonly code: AnyCode;
  readonly detail: string;
  readonly [parameter: string]: unknown;
}

/** Makes a field error with a code and the parameters that this code needs. */
export function fieldError<Code extends AnyCode>(
  pointer: string,
  code: Code,
  ...[parameters]: Parameters<DetailOf<Code>>
): FieldError {
  const { detail } = kinds[code] as { detail: (given: object | undefined) => string };
  return { pointer, code, ...parameters, detail: detail(parameters) };
}

/**
 * Returns a code as the message of a check's issue, as in `.regex(pattern, fault('not-a-month'))`. The code is the whole
 * message: `http/zod-issues.ts` reads it back and writes the text.
 */
export const fault = (code: AnyCode): string => code;

/**
 * Does the same for a schema that is a format itself, as in `z.base64url(malformed('not-base64url'))`. Zod asks such a
 * schema about its other issues too: a missing value or one of another type keeps the code of that.
 */
export const malformed = (code: AnyCode) => ({
  error: (issue: z.core.$ZodRawIssue) => (issue.code === 'invalid_format' ? code : undefined),
});

/** Tells whether the message of a zod issue is a code. */
export const isFault = (message: string): message is AnyCode => Object.hasOwn(kinds, message);
