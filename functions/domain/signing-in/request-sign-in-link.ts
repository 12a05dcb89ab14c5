import { putMail } from '../../table/mails.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';

/**
 * Stores an e-mail with a sign-in link in the table, so that the service sends the e-mail after the response. Only
 * `sendMail`, which sends the e-mail, checks whether the address is known, so that neither the response nor the
 * response time reveals whether the address is known.
 */
export async function requestSignInLink(
  { table, clock, requestId }: Services,
  { email }: { email: string },
): Promise<void> {
  await putMail(table, ...newMail({ template: 'sign-in', to: email }, clock.now(), requestId));
}
