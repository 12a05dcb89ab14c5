import { getUserContract as contract } from '../../contract/users.ts';
import { getUser } from '../../domain/users/get-user.ts';
import { endpoint } from '../../http/endpoint.ts';
import { versionedAnswer } from '../../http/versioned-answer.ts';

export const build = endpoint('get-user', contract, async ({ caller, params }, services) => {
  return versionedAnswer(await getUser(services, caller, params.userId));
});
