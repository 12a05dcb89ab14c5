import { putMail } from '../../table/mails.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';

/**
 * Stores a request for an e-mail with a sign-in link. Only `sendMail`, which runs after the response, checks whether
 * the address is known, so that neither the response nor the response time reveals whether the address is known.
 */
export async function requestSignInLink({ table, clock }: Services, { email }: { email: string }): Promise<void> {
  await putMail(table, ...newMail({ template: 'sign-in', to: email }, clock.now()));
}
