import { confirmEmailContract as contract } from '../../contract/administrators.ts';
import { confirmEmail } from '../../domain/administrators/confirm-email.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('confirm-email', contract, async ({ body }, services) => ({
  body: await confirmEmail(services, body),
}));
