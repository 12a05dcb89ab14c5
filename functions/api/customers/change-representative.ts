import { changeRepresentativeContract as contract } from '../../contract/customers.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { customerAnswer } from '../../http/customer-answer.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'change-representative', typeof contract, CalendarServices>(
  'change-representative',
  contract,
  async ({ caller, version, body }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { changeRepresentative } = await import('../../domain/customers/change-representative.ts');
    return customerAnswer(await changeRepresentative(services, caller, version, body));
  },
);
