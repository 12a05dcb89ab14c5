import { editUserContract as contract } from '../../contract/users.ts';
import { editUser } from '../../domain/users/edit-user.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('edit-user', contract, async ({ caller, params, version, body }, services) => {
  return versionedAnswer(await editUser(services, caller, params.userId, body, version));
});
