import { removeCredentialOfRpContract as contract } from '../../contract/credentials.ts';
import { removeCredential } from '../../domain/credentials/remove-credential.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-credential-of-rp', contract, async ({ caller, params, version }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  await removeCredential(services, manager, params, version);
  return {};
});
