import { requestPasskeyOptionsContract as contract } from '../../contract/passkeys.ts';
import { requestPasskeyOptions } from '../../domain/signing-in/request-passkey-options.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-passkey-options', contract, async ({ caller }, services) => ({
  body: await requestPasskeyOptions(services, caller),
}));
