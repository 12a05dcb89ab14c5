import { signUpCustomerContract as contract } from '../../contract/customers.ts';
import { preferredLanguage } from '../../domain/mail/languages.ts';
import { linkAccepted, linkAllowances } from '../../domain/mail/link-allowances.ts';
import { signUpCustomer } from '../../domain/customers/sign-up-customer.ts';
import type { PlanServices } from '../../domain/licenses/plans.ts';
import type { LimitedSignUpServices } from '../../domain/customers/limit-sign-ups.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'sign-up-customer', typeof contract, LimitedSignUpServices & PlanServices>(
  'sign-up-customer',
  contract,
  async ({ body: { customer, representative }, callerAddress, headers }, services) => {
    const { language = preferredLanguage(headers['accept-language']) } = representative;
    await signUpCustomer(services, { customer, representative: { ...representative, language } }, callerAddress);
    return { body: linkAccepted(linkAllowances.anonymous) };
  },
);
