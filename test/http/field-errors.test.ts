import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addAdministratorContract, editAdministratorContract } from '../../functions/contract/administrators.ts';
import { getMauContract, setMauAlertContract, signUpCustomerContract } from '../../functions/contract/customers.ts';
import { operatorCommand } from '../../functions/contract/operator.ts';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import { reportOperationsContract } from '../../functions/contract/operations.ts';
import { page } from '../../functions/contract/values/pages.ts';
import { ValidationError } from '../../functions/http/request-errors.ts';
import { parse } from '../../functions/http/validate.ts';

const administrator = { name: 'A', email: 'a@example.com', privilege: 'privileged' };
const signUp = (name: unknown) => ({ customer: { name }, representative: { name: 'A', email: 'a@example.com' } });
const reported = (count: number) => ({ operations: Array(count).fill({ userId: 'a', type: 'registration' }) });

/** Parses a value that the schema must refuse, and returns the field errors. */
function errorsOf(schema: z.ZodType, value: unknown) {
  try {
    parse(schema, value);
  } catch (error) {
    if (error instanceof ValidationError) return error.errors;
    throw error;
  }
  throw new Error('The schema accepted the value');
}

describe('a field error', () => {
  // prettier-ignore
  it.each<[z.ZodType, unknown, pointer: string, code: string, parameters: object, detail: string]>([
    [addAdministratorContract.body, { ...administrator, name: undefined }, '#/name', 'required', {}, 'Must be present'],
    [addAdministratorContract.body, [], '#', 'wrong-type', { expected: 'object' }, 'Must be an object'],
    [addAdministratorContract.body, { ...administrator, name: 1 }, '#/name', 'wrong-type', { expected: 'string' }, 'Must be a text'],
    [addAdministratorContract.body, { ...administrator, name: ' ' }, '#/name', 'too-short', { min: 1 }, 'Must have at least 1 character'],
    [addAdministratorContract.body, { ...administrator, email: 'a' }, '#/email', 'not-an-email', {}, 'Must be an e-mail address'],
    [addAdministratorContract.body, { ...administrator, privilege: 'x' }, '#/privilege', 'unknown-value', { values: ['administrator', 'privileged'] }, 'Must be administrator or privileged'],
    [addAdministratorContract.body, { ...administrator, x: 1 }, '#/x', 'unknown-field', {}, 'Must not be present: the service has no field or parameter with this name'],
    [editAdministratorContract.body, {}, '#', 'at-least-one-required', { fields: ['name', 'privilege'] }, 'Must have at least one of name and privilege'],
    [createSessionContract.body, {}, '#', 'exactly-one-required', { fields: ['token', 'passkey'] }, 'Must have exactly one of token and passkey'],
    [signUpCustomerContract.body, signUp('x'.repeat(201)), '#/customer/name', 'too-long', { max: 200 }, 'Must have at most 200 characters'],
    [setMauAlertContract.body, { enabled: 'yes' }, '#/enabled', 'wrong-type', { expected: 'boolean' }, 'Must be true or false'],
    [setMauAlertContract.body, { enabled: true, threshold: 0 }, '#/threshold', 'too-small', { min: 1 }, 'Must be at least 1'],
    [setMauAlertContract.body, { enabled: true, threshold: 2 ** 53 }, '#/threshold', 'too-large', { max: 2 ** 53 - 1 }, 'Must be at most 9007199254740991'],
    [setMauAlertContract.body, { enabled: true, threshold: 0.5 }, '#/threshold', 'wrong-type', { expected: 'integer' }, 'Must be a whole number'],
    [setMauAlertContract.body, { enabled: true }, '#/threshold', 'required', {}, 'Must be present'],
    [reportOperationsContract.body, { operations: 1 }, '#/operations', 'wrong-type', { expected: 'array' }, 'Must be a list'],
    [reportOperationsContract.body, reported(0), '#/operations', 'too-few', { min: 1 }, 'Must have at least 1 entry'],
    [reportOperationsContract.body, reported(101), '#/operations', 'too-many', { max: 100 }, 'Must have at most 100 entries'],
    [getMauContract.query, { months: '5' }, '#/months', 'unknown-value', { values: ['3', '6', '12'] }, 'Must be 3, 6 or 12'],
    [page, { limit: 'all' }, '#/limit', 'wrong-type', { expected: 'integer' }, 'Must be a whole number'],
    [page, { limit: '0' }, '#/limit', 'too-small', { min: 1 }, 'Must be at least 1'],
    [page, { limit: '101' }, '#/limit', 'too-large', { max: 100 }, 'Must be at most 100'],
    [operatorCommand, { command: 'no' }, '#/command', 'unknown-value', { values: expect.arrayContaining(['set-license']) as unknown }, expect.stringMatching(/^Must be list-customers, .* or export-statements$/) as string],
  ])('has a code, parameters and a text (case %#)', (schema, value, pointer, code, parameters, detail) => {
    expect(errorsOf(schema, value)).toEqual([{ pointer, code, ...parameters, detail }]);
  });

  it('cannot be created if the message in the schema is not a code', () => {
    const schema = z.string().regex(/^a$/, 'Must be a');
    expect(() => parse(schema, 'b')).toThrow(TypeError);
  });

  it('cannot be created if the schema has no message for the failed check', () => {
    expect(() => parse(z.string().regex(/^a$/), 'b')).toThrow(TypeError);
  });
});
