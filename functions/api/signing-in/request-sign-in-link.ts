import { requestSignInLinkContract as contract } from '../../contract/sessions.ts';
import { LINK_DETAIL } from '../../domain/mail/links-an-hour.ts';
import { requestSignInLink } from '../../domain/signing-in/request-sign-in-link.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-sign-in-link', contract, async ({ body }, services) => {
  await requestSignInLink(services, body);
  return { body: { detail: LINK_DETAIL } };
});
