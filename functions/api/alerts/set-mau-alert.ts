import { setMauAlertContract as contract } from '../../contract/customers.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { customerAnswer } from '../../http/customer-answer.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'set-mau-alert', typeof contract, CalendarServices>(
  'set-mau-alert',
  contract,
  async ({ caller, version, body }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { setMauAlert } = await import('../../domain/alerts/set-mau-alert.ts');
    return customerAnswer(await setMauAlert(services, caller, version, body));
  },
);
