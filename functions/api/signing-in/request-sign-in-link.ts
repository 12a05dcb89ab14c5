import { requestSignInLinkContract as contract } from '../../contract/sessions.ts';
import { linkAccepted, linkAllowances } from '../../domain/mail/link-allowances.ts';
import { requestSignInLink } from '../../domain/signing-in/request-sign-in-link.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-sign-in-link', contract, async ({ body }, services) => {
  await requestSignInLink(services, body);
  return { body: linkAccepted(linkAllowances.anonymous) };
});
