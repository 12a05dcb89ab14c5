import type * as z from 'zod';
import { ceremonyErrorKinds, type CeremonyErrorCode } from './ceremony-error-kinds.ts';
import { fieldErrorKinds, type FieldErrorCode, type Kinds } from './field-error-kinds.ts';
import { commandErrorKinds, type OperatorErrorCode } from './operator-error-kinds.ts';

/**
 * The body of an error response (`application/problem+json`) may contain the list `errors`. Each entry of the list is a
 * field error with a code, which names the kind of the error. A client decides from the code and its parameters what to
 * do, and may show its own text. `detail` is an English text that explains the error.
 */

/** Every kind of field error that a response of the HTTP API may contain, by code. */
export const apiErrorKinds = { ...fieldErrorKinds, ...ceremonyErrorKinds };
export type ApiErrorCode = FieldErrorCode | CeremonyErrorCode;
const kinds = { ...apiErrorKinds, ...commandErrorKinds };
type Code = keyof typeof kinds;

/**
 * An error in one field of a request: which field is wrong, and why. A field error also has a member for each parameter
 * of its code, such as `max` for the code `too-long`.
 */
export interface FieldError {
  /** A JSON pointer to a field or a request parameter, as a URI fragment (RFC 6901, section 6). */
  readonly pointer: string;
  readonly code: ApiErrorCode | OperatorErrorCode;
  readonly detail: string;
  readonly [parameter: string]: unknown;
}

/** The parameters that a kind of field error needs. */
type ParametersOf<All extends Kinds, C extends keyof All> = Parameters<All[C]['detail']>;

/** Returns a function that creates field errors of the `kinds` from a pointer, a code and the code's parameters. */
export const fieldErrorOf =
  <All extends Kinds>(all: All) =>
  <C extends FieldError['code'] & keyof All>(
    pointer: string,
    code: C,
    ...[parameters]: ParametersOf<All, C>
  ): FieldError => {
    const { detail } = all[code] as { detail: (given: object | undefined) => string };
    const given = parameters as object | undefined;
    return { pointer, code, ...given, detail: detail(given) };
  };

/** Creates a field error from its pointer, its code and the parameters that this code needs. */
export const fieldError = fieldErrorOf(kinds);

/**
 * Returns the error message of a zod check, as in `.regex(pattern, fault('not-a-month'))`. The message consists only of
 * the code. `http/zod-issues.ts` reads the code from the message and creates the field error with the text of the code.
 */
export const fault = (code: Code): string => code;

/**
 * Returns options for a zod format, as in `z.base64url(malformed('not-base64url'))`. With these options, the code is
 * the error message only when a text does not have the format. If the value is missing or has the wrong type, the field
 * error has another code. A plain message would not do, because zod would use it for every issue of the schema.
 */
export const malformed = (code: Code) => ({
  error: (issue: z.core.$ZodRawIssue) => (issue.code === 'invalid_format' ? code : undefined),
});

/** Returns whether the message of a zod issue is a code. */
export const isFault = (message: string): message is Code => Object.hasOwn(kinds, message);
