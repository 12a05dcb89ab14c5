import type * as z from 'zod';
import { fieldError, isFault } from '../../contract/errors/field-errors.ts';
import { FssError, type FssErrorCode } from './fss-call.ts';

/**
 * Parses the body of a call. Throws `FssError` with `PARAMETER_ERROR` and a message that names each wrong field.
 * `codes` has the error codes of fields whose absence the FSS format has a code for, by path.
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  codes: Readonly<Record<string, FssErrorCode>> = {},
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { issues } = result.error;
  const errorCode = issues.map(({ path }) => codes[path.join('.')]).find((code) => code !== undefined);
  throw parameterError(issues.slice(0, MAX_FAULTS).map(explain).join('; '), errorCode);
}

/** The most faults that a message names, and the most characters of the name of a field in it. */
const MAX_FAULTS = 20;
const MAX_NAME = 100;

/** Returns the error for a wrong parameter. */
export const parameterError = (message: string, errorCode?: FssErrorCode) =>
  new FssError('PARAMETER_ERROR', message, errorCode);

/** Returns an English text that says which field is wrong and why. It contains no value of the request. */
function explain({ path, message, ...issue }: z.core.$ZodIssue): string {
  const name = path.length === 0 ? 'The body' : path.join('.').slice(0, MAX_NAME);
  return `${name}: ${reasonOf(message, issue)}`;
}

function reasonOf(message: string, issue: Omit<z.core.$ZodIssue, 'path' | 'message'>): string {
  if (isFault(message)) {
    const { params } = issue as { readonly params?: object };
    // The schema of each code also states the parameters that the code needs.
    const makeError = fieldError as (pointer: string, code: string, parameters: object) => { detail: string };
    return makeError('#', message, params ?? {}).detail;
  }
  switch (issue.code) {
    case 'invalid_type':
      return `Must be present and be of the type ${(issue as z.core.$ZodIssueInvalidType).expected}`;
    case 'invalid_value':
      return `Must be one of ${(issue as z.core.$ZodIssueInvalidValue).values.map(String).join(', ')}`;
    case 'too_small':
      return `Must not be empty or less than ${(issue as z.core.$ZodIssueTooSmall).minimum}`;
    case 'too_big':
      return `Must not be longer or more than ${(issue as z.core.$ZodIssueTooBig).maximum}`;
    default:
      return 'Is not valid';
  }
}
