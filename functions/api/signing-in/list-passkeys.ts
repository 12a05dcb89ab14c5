import { listPasskeysContract as contract } from '../../contract/passkeys.ts';
import { listPasskeys } from '../../domain/signing-in/list-passkeys.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-passkeys', contract, async ({ caller }, services) => ({
  body: await listPasskeys(services, caller),
}));
