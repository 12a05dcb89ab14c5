import type { CreationOptions, RequestOptions } from '../../../functions/contract/values/console-options.ts';
import { createPasskey, usePasskey } from '../../support/fido2/authenticator.ts';
import { tokenIn } from '../../support/operators.ts';
import type { NpmStarted } from './npm-start.ts';
import { asPerson, newEmail, post, type Person, type PersonOptions } from './people.ts';
import { visit } from './visit.ts';

/** Adds an operator of the service, and returns the link that registers the operator's passkey. */
export async function addOperator(service: NpmStarted, email = newEmail()): Promise<string> {
  const answer = await service.operate({ command: 'add-operator', email, name: 'Olga Ota' });
  return (answer as { result: { link: string } }).result.link;
}

/**
 * Opens the overview as an operator, "Olga Ota", who has a passkey in the page's authenticator. The link and the
 * passkey go to the API without the pages for them, which would take most of the time of a test.
 */
export async function visitByOperator(
  service: NpmStarted,
  { opensConsole = true, ...options }: PersonOptions = {},
): Promise<Person> {
  const opened = await visit({ url: service.url, ...options });
  const { page, context, authenticator } = opened;
  const email = newEmail();
  const token = tokenIn(await addOperator(service, email));
  const creation = (await post(context.request, '/v1/operator/passkeys/options', { token })) as CreationOptions;
  const { passkey, response } = createPasskey(service.url, creation, { signCount: 1 });
  await post(context.request, '/v1/operator/passkeys', { token, passkey: response });
  const requested = (await post(context.request, '/v1/operator/sessions/options')) as RequestOptions;
  await post(context.request, '/v1/operator/sessions', { passkey: usePasskey(service.url, passkey, requested) });
  await authenticator.addPasskey(passkey);
  if (opensConsole) {
    await page.goto('/operator');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }
  return asPerson(opened, email);
}
