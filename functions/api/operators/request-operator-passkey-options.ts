import { requestOperatorPasskeyOptionsContract as contract } from '../../contract/operators.ts';
import { requestOperatorPasskeyOptions } from '../../domain/operators/request-operator-passkey-options.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-operator-passkey-options', contract, async ({ body }, services) => ({
  body: await requestOperatorPasskeyOptions(services, body.token),
}));
