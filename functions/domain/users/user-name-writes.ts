import type { Writes } from '../../table/engine/transaction.ts';
import { putUserName, takeUserName } from '../../table/users/user-names.ts';
import type { User } from '../../table/users/users.ts';
import type { RpServer } from '../callers.ts';
import { comparableName } from './comparable-name.ts';
import { userNameOf } from './user-view.ts';

export function nameWritesOf({ rpRef, rp }: RpServer, user: User): Writes {
  const name = comparableName(userNameOf(user));
  if (rp.settings.uniqueUserNames) return { userName: takeUserName(rpRef, name, user.userId) };
  return { userName: user.userName === undefined ? undefined : putUserName(rpRef, name, user.userId) };
}
