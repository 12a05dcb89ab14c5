import { changeEmailContract as contract } from '../../contract/administrators.ts';
import { changeEmail } from '../../domain/administrators/change-email.ts';
import { linkAccepted, linkAllowances } from '../../domain/mail/link-allowances.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('change-email', contract, async ({ caller, body }, services) => {
  await changeEmail(services, caller, body);
  return { body: linkAccepted(linkAllowances.customerToAddress) };
});
