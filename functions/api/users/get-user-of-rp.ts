import { getUserOfRpContract as contract } from '../../contract/users.ts';
import { getUser } from '../../domain/users/get-user.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('get-user-of-rp', contract, async ({ caller, params }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  return versionedAnswer(await getUser(services, manager, params.userId));
});
