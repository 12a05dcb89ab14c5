import { editUserOfRpContract as contract } from '../../contract/users.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('edit-user-of-rp', contract, async ({ caller, params, version, body }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { editUser } = await import('../../domain/users/edit-user.ts');
  const manager = await userManagerOf(services, caller, params.id);
  return versionedAnswer(await editUser(services, manager, params.userId, body, version));
});
