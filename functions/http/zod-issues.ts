import type * as z from 'zod';
import type { FieldErrorCode, JsonType } from '../contract/field-error-kinds.ts';
import { fieldError, isFault, type FieldError } from '../contract/field-errors.ts';

/**
 * Returns the code of an issue whose schema names none itself. Zod calls it as its error map, so that the message of
 * every issue is a code.
 */
export function codeOfIssue(issue: z.core.$ZodRawIssue): FieldErrorCode {
  if (issue.input === undefined && issue.code !== 'custom') return 'required';
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong-type';
    case 'invalid_value':
    case 'invalid_union':
      return 'unknown-value';
    case 'too_small':
      return tooSmall[issue.origin] ?? 'too-small';
    case 'too_big':
      return tooBig[issue.origin] ?? 'too-large';
    case 'unrecognized_keys':
      return 'unknown-field';
    default:
      throw new TypeError(`A schema gives no code to its issue ${issue.code}`);
  }
}

const tooSmall: Readonly<Record<string, FieldErrorCode>> = { string: 'too-short', array: 'too-few' };
const tooBig: Readonly<Record<string, FieldErrorCode>> = { string: 'too-long', array: 'too-many' };

/** Returns the field errors of an issue: one, but for unknown fields, which zod collects in one issue. */
export function fieldErrorsOfIssue(issue: z.core.$ZodIssue): FieldError[] {
  const { message: code, path } = issue;
  if (!isFault(code)) throw new TypeError(`A schema says "${code}", which is no code`);
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  // Which parameters an issue has decides its code, or its schema does: the types cannot see it.
  const makeError = fieldError as (pointer: string, code: string, parameters: object) => FieldError;
  return paths.map((each) => makeError(pointerTo(each), code, parametersOf(issue)));
}

function parametersOf(issue: z.core.$ZodIssue): object {
  if (issue.message === 'required') return {};
  switch (issue.code) {
    case 'invalid_type':
      return { expected: jsonTypes[issue.expected] };
    case 'invalid_value':
      return { values: issue.values.map(String) };
    case 'invalid_union':
      return { values: 'options' in issue ? (issue.options ?? []).map(String) : [] };
    case 'too_small':
      return { min: Number(issue.minimum) };
    case 'too_big':
      return { max: Number(issue.maximum) };
    case 'custom':
      return { ...issue.params };
    default:
      return {};
  }
}

const jsonTypes: Readonly<Record<string, JsonType>> = {
  string: 'string',
  number: 'number',
  int: 'integer',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
  record: 'object',
};

/** Returns a JSON pointer as a URI fragment (RFC 6901): `~` and `/` of a name are escaped, and what a fragment cannot hold. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map((part) => `/${encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}
