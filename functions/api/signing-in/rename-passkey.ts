import { renamePasskeyContract as contract } from '../../contract/passkeys.ts';
import { renamePasskey } from '../../domain/signing-in/rename-passkey.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('rename-passkey', contract, async ({ caller, params, body }, services) => ({
  body: await renamePasskey(services, caller, params.id, body),
}));
