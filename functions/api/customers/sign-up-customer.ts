import { signUpCustomer as contract } from '../../contract/customers.ts';
import { LINK_DETAIL } from '../../domain/mail/mails.ts';
import { signUpCustomer } from '../../domain/customers/sign-up-customer.ts';
import { onLambda, servicesFromEnvironment } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('sign-up-customer', contract, async ({ body }, services) => {
  await signUpCustomer(services, body);
  return { body: { detail: LINK_DETAIL } };
});
export const handler = onLambda(() => build(servicesFromEnvironment()));
