import { expect, it } from 'vitest';
import type * as z from 'zod';
import {
  addAdministratorContract,
  changeEmailContract,
  editAdministratorContract,
} from '../../functions/contract/administrators.ts';
import {
  editCustomerContract,
  setMauAlertContract,
  signUpCustomerContract,
} from '../../functions/contract/customers.ts';
import { renamePasskeyContract } from '../../functions/contract/passkeys.ts';
import { createApiKeyContract, registerRpContract, renameRpContract } from '../../functions/contract/rps.ts';
import { requestSignInLinkContract } from '../../functions/contract/sessions.ts';
import { ConfirmationMismatchError, EmailTakenError, RpIdTakenError } from '../../functions/domain/errors.ts';
import { ValidationError } from '../../functions/http/problems.ts';
import { parse } from '../../functions/http/validate.ts';
import { fieldErrorTexts } from '../../web/src/ui/form/field-error-texts.ts';

/** What somebody may type into a text field. */
const typed = ['', ' ', 'a'.repeat(600), 'two\nlines', 'bell\u0007', 'half \uD83D', 'https://example.com/', 'né'];

/** Gives what the service says of the fields of a body, each being what was typed. */
function saidOf(schema: z.ZodType, paths: readonly string[], values: readonly unknown[] = typed): string[] {
  const bodies = paths.flatMap((path) => values.map((value) => bodyWith(path.split('.'), value)));
  return bodies.flatMap((body) => {
    try {
      parse(schema, body);
      return [];
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const pointers = paths.map((path) => `#/${path.replaceAll('.', '/')}`);
      // The fields that were left out say that they must be given: the forms leave none out.
      return error.errors
        .filter(({ pointer, detail }) => pointers.includes(pointer) && detail !== 'Must be given')
        .map(({ detail }) => detail);
    }
  });
}

const bodyWith = ([name = '', ...rest]: readonly string[], value: unknown): object => ({
  [name]: rest.length > 0 ? bodyWith(rest, value) : value,
});

const said = new Set([
  ...saidOf(signUpCustomerContract.body, [
    'customer.name',
    'customer.address',
    'customer.phoneNumber',
    'representative.name',
    'representative.email',
  ]),
  ...saidOf(requestSignInLinkContract.body, ['email']),
  ...saidOf(editCustomerContract.body, ['name', 'address', 'phoneNumber']),
  ...saidOf(setMauAlertContract.body, ['threshold'], [0, -1, 1.5, 1e300]),
  ...saidOf(registerRpContract.body, ['rpId', 'name']),
  ...saidOf(renameRpContract.body, ['name']),
  ...saidOf(createApiKeyContract.body, ['name']),
  ...saidOf(addAdministratorContract.body, ['name', 'email']),
  ...saidOf(editAdministratorContract.body, ['name']),
  ...saidOf(changeEmailContract.body, ['email']),
  ...saidOf(renamePasskeyContract.body, ['name']),
  ...[new ConfirmationMismatchError(), new EmailTakenError(), new RpIdTakenError('shop.example.com')].flatMap(
    ({ errors }) => errors.map(({ detail }) => detail),
  ),
]);

it('the console says in Japanese whatever the service may say of a field of its forms', () => {
  expect(said.size).toBeGreaterThan(8);
  expect([...said].filter((detail) => !fieldErrorTexts.ja.some(([begins]) => begins.test(detail)))).toEqual([]);
});

it('the console has words for nothing that the service does not say', () => {
  const patterns = [...fieldErrorTexts.en, ...fieldErrorTexts.ja].map(([begins]) => begins);
  expect(patterns.filter((begins) => ![...said].some((detail) => begins.test(detail))).map(String)).toEqual([]);
});
