import { putMail } from '../../table/mails.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';

/** Has a sign-in link sent to an address. Whether it is known is looked at when sending, so that no answer and no time tells. */
export async function requestSignInLink({ table, clock }: Services, { email }: { email: string }): Promise<void> {
  await putMail(table, ...newMail({ template: 'sign-in', to: email }, clock.now()));
}
