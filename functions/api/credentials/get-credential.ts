import { getCredentialContract as contract } from '../../contract/credentials.ts';
import { getCredential } from '../../domain/credentials/get-credential.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('get-credential', contract, async ({ caller, params }, services) => {
  return versionedAnswer(await getCredential(services, caller, { userId: params.userId, credentialId: params.id }));
});
