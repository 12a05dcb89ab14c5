import { getCustomerContract as contract } from '../../contract/customers.ts';
import { getCustomer } from '../../domain/customers/get-customer.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { customerAnswer } from '../../http/customer-answer.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-customer', typeof contract, CalendarServices>(
  'get-customer',
  contract,
  async ({ caller }, services) => customerAnswer(await getCustomer(services, caller)),
);
