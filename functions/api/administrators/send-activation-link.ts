import { sendActivationLinkContract as contract } from '../../contract/administrators.ts';
import { linkAccepted, linkAllowances } from '../../domain/mail/link-allowances.ts';
import { sendActivationLink } from '../../domain/administrators/send-activation-link.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('send-activation-link', contract, async ({ caller, params }, services) => {
  await sendActivationLink(services, caller, params.id);
  return { body: linkAccepted(linkAllowances.customerToAddress) };
});
