import { sendActivationLinkContract as contract } from '../../contract/administrators.ts';
import { LINK_DETAIL } from '../../domain/mail/links-an-hour.ts';
import { sendActivationLink } from '../../domain/administrators/send-activation-link.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('send-activation-link', contract, async ({ caller, params }, services) => {
  await sendActivationLink(services, caller, params.id);
  return { body: { detail: LINK_DETAIL } };
});
