import { putMail } from '../table/mails.ts';
import type { AdministratorCaller } from './callers.ts';
import { newMail } from './mails.ts';
import type { Services } from './services.ts';

/**
 * Has a link sent to the caller's new address; the change takes effect when it is opened. Whether the address is free is
 * looked at when sending and when confirming, so that the answer does not tell.
 */
export async function changeEmail(
  { table, clock }: Services,
  { customer: { customerId }, administrator }: AdministratorCaller,
  { email }: { email: string },
): Promise<void> {
  const { administratorId, email: replaced, sessionGeneration } = administrator;
  const replaces = { email: replaced, sessionGeneration };
  const [mail, ttl] = newMail(
    { template: 'email-confirmation', to: email, customerId, administratorId, replaces },
    clock.now(),
  );
  await putMail(table, mail, ttl);
}
