import { removeCredentialContract as contract } from '../../contract/credentials.ts';
import { removeCredential } from '../../domain/credentials/remove-credential.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-credential', contract, async ({ caller, params, version }, services) => {
  await removeCredential(services, caller, { userId: params.userId, credentialId: params.id }, version);
  return {};
});
