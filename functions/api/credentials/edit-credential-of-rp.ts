import { editCredentialOfRpContract as contract } from '../../contract/credentials.ts';
import { editCredential } from '../../domain/credentials/edit-credential.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint(
  'edit-credential-of-rp',
  contract,
  async ({ caller, params, version, body }, services) => {
    const manager = await userManagerOf(services, caller, params.id);
    return versionedAnswer(await editCredential(services, manager, params, body, version));
  },
);
