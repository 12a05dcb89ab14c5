import { editCustomerContract as contract } from '../../contract/customers.ts';
import { editCustomer } from '../../domain/customers/edit-customer.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { customerAnswer } from '../../http/customer-answer.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'edit-customer', typeof contract, CalendarServices>(
  'edit-customer',
  contract,
  async ({ caller, version, body }, services) => customerAnswer(await editCustomer(services, caller, version, body)),
);
