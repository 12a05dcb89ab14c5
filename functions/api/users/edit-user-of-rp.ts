import { editUserOfRpContract as contract } from '../../contract/users.ts';
import { editUser } from '../../domain/users/edit-user.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('edit-user-of-rp', contract, async ({ caller, params, version, body }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  return versionedAnswer(await editUser(services, manager, params.userId, body, version));
});
