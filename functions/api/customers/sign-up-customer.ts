import { signUpCustomerContract as contract } from '../../contract/customers.ts';
import { LINK_DETAIL } from '../../domain/mail/links-an-hour.ts';
import { signUpCustomer } from '../../domain/customers/sign-up-customer.ts';
import type { PlanServices } from '../../domain/licenses/plans.ts';
import type { Services } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'sign-up-customer', typeof contract, Services & PlanServices>(
  'sign-up-customer',
  contract,
  async ({ body }, services) => {
    await signUpCustomer(services, body);
    return { body: { detail: LINK_DETAIL } };
  },
);
