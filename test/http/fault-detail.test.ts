import { expect, it } from 'vitest';
import type * as z from 'zod';
import { setMauAlert } from '../../functions/contract/customers.ts';
import { signUpCustomer } from '../../functions/contract/customers.ts';
import { addAdministrator } from '../../functions/contract/administrators.ts';
import { operatorCommand } from '../../functions/contract/operator.ts';
import { reportOperations } from '../../functions/contract/users.ts';
import { page } from '../../functions/contract/values.ts';
import { ValidationError } from '../../functions/http/problems.ts';
import { parse } from '../../functions/http/validate.ts';

const administrator = { name: 'A', email: 'a@example.com', privilege: 'privileged' };
const signUp = (name: unknown) => ({ customer: { name }, representative: { name: 'A', email: 'a@example.com' } });

it.each<[z.ZodType, unknown, string]>([
  [addAdministrator.body, {}, '#/name: Must be given'],
  [addAdministrator.body, [], '#: Must be an object'],
  [addAdministrator.body, { ...administrator, name: 1 }, '#/name: Must be a text'],
  [addAdministrator.body, { ...administrator, name: ' ' }, '#/name: Must have at least 1 character'],
  [addAdministrator.body, { ...administrator, email: 'a' }, '#/email: Must be an e-mail address'],
  [addAdministrator.body, { ...administrator, privilege: 'x' }, '#/privilege: Must be administrator or privileged'],
  [addAdministrator.body, { ...administrator, x: 1 }, '#/x: Must not be given: no such field is known'],
  [signUpCustomer.body, signUp('x'.repeat(201)), '#/customer/name: Must have at most 200 characters'],
  [setMauAlert.body, { enabled: 'yes' }, '#/enabled: Must be true or false'],
  [setMauAlert.body, { enabled: true, threshold: 0 }, '#/threshold: Must be at least 1'],
  [setMauAlert.body, { enabled: true, threshold: 0.5 }, '#/threshold: Must be a whole number'],
  [setMauAlert.body, { enabled: true }, '#/threshold: Must be a whole number of at least 1 when enabled'],
  [reportOperations.body, { operations: 1 }, '#/operations: Must be a list'],
  [reportOperations.body, { operations: [] }, '#/operations: Must have at least 1 entry'],
  [reportOperations.body, { operations: Array(101).fill({ userId: 'a', type: 'registration' }) }, '#/operations: Must have at most 100 entries'], // prettier-ignore
  [page, { limit: '0' }, '#/limit: Must be a whole number from 1 to 100'],
  [operatorCommand, { command: 'no' }, '#/command: Must be one that is known'],
])('%#: says what must be', (schema, value, expected) => {
  const said = () => parse(schema, value);
  expect(said).toThrow(ValidationError);
  expect(said).toThrow(expect.objectContaining({ message: expect.stringContaining(expected) as string }) as Error);
});
