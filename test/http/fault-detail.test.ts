import { expect, it } from 'vitest';
import type * as z from 'zod';
import { setMauAlertContract } from '../../functions/contract/customers.ts';
import { signUpCustomerContract } from '../../functions/contract/customers.ts';
import { addAdministratorContract } from '../../functions/contract/administrators.ts';
import { operatorCommand } from '../../functions/contract/operator.ts';
import { reportOperationsContract } from '../../functions/contract/users.ts';
import { page } from '../../functions/contract/values.ts';
import { ValidationError } from '../../functions/http/problems.ts';
import { parse } from '../../functions/http/validate.ts';

const administrator = { name: 'A', email: 'a@example.com', privilege: 'privileged' };
const signUp = (name: unknown) => ({ customer: { name }, representative: { name: 'A', email: 'a@example.com' } });

it.each<[z.ZodType, unknown, string]>([
  [addAdministratorContract.body, {}, '#/name: Must be given'],
  [addAdministratorContract.body, [], '#: Must be an object'],
  [addAdministratorContract.body, { ...administrator, name: 1 }, '#/name: Must be a text'],
  [addAdministratorContract.body, { ...administrator, name: ' ' }, '#/name: Must have at least 1 character'],
  [addAdministratorContract.body, { ...administrator, email: 'a' }, '#/email: Must be an e-mail address'],
  [
    addAdministratorContract.body,
    { ...administrator, privilege: 'x' },
    '#/privilege: Must be administrator or privileged',
  ],
  [addAdministratorContract.body, { ...administrator, x: 1 }, '#/x: Must not be given: no such field is known'],
  [signUpCustomerContract.body, signUp('x'.repeat(201)), '#/customer/name: Must have at most 200 characters'],
  [setMauAlertContract.body, { enabled: 'yes' }, '#/enabled: Must be true or false'],
  [setMauAlertContract.body, { enabled: true, threshold: 0 }, '#/threshold: Must be at least 1'],
  [setMauAlertContract.body, { enabled: true, threshold: 0.5 }, '#/threshold: Must be a whole number'],
  [setMauAlertContract.body, { enabled: true }, '#/threshold: Must be a whole number of at least 1 when enabled'],
  [reportOperationsContract.body, { operations: 1 }, '#/operations: Must be a list'],
  [reportOperationsContract.body, { operations: [] }, '#/operations: Must have at least 1 entry'],
  [reportOperationsContract.body, { operations: Array(101).fill({ userId: 'a', type: 'registration' }) }, '#/operations: Must have at most 100 entries'], // prettier-ignore
  [page, { limit: '0' }, '#/limit: Must be a whole number from 1 to 100'],
  [operatorCommand, { command: 'no' }, '#/command: Must be one that is known'],
])('%#: says what must be', (schema, value, expected) => {
  const said = () => parse(schema, value);
  expect(said).toThrow(ValidationError);
  expect(said).toThrow(expect.objectContaining({ message: expect.stringContaining(expected) as string }) as Error);
});
