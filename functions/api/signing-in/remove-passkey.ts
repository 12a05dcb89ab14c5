import { removePasskeyContract as contract } from '../../contract/passkeys.ts';
import { removePasskey } from '../../domain/signing-in/remove-passkey.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-passkey', contract, async ({ caller, params }, services) => {
  await removePasskey(services, caller, params.id);
  return {};
});
