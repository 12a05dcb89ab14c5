import { editCredentialContract as contract } from '../../contract/credentials.ts';
import { editCredential } from '../../domain/credentials/edit-credential.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('edit-credential', contract, async ({ caller, params, version, body }, services) => {
  return versionedAnswer(
    await editCredential(services, caller, { userId: params.userId, credentialId: params.id }, body, version),
  );
});
