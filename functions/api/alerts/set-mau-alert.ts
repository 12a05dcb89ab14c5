import { setMauAlertContract as contract } from '../../contract/customers.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { setMauAlert } from '../../domain/alerts/set-mau-alert.ts';
import { customerAnswer } from '../../http/customer-answer.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'set-mau-alert', typeof contract, CalendarServices>(
  'set-mau-alert',
  contract,
  async ({ caller, version, body }, services) => customerAnswer(await setMauAlert(services, caller, version, body)),
);
