import { requestSessionOptionsContract as contract } from '../../contract/sessions.ts';
import { requestSessionOptions } from '../../domain/signing-in/request-session-options.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-session-options', contract, async (_, services) => ({
  body: await requestSessionOptions(services),
}));
