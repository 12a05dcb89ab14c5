import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { problemOf, slugOf } from '../../api/problem.ts';
import {
  getRpQueryKey,
  getUserOfRpQueryKey,
  listCredentialsOfRpQueryKey,
  listUsersOfRpQueryKey,
} from '../../client/@tanstack/react-query.gen.ts';
import { getUserOfRp, listUsersOfRp } from '../../client/sdk.gen.ts';
import type { ListUsersOfRpResponse, User } from '../../client/types.gen.ts';
import { useRpChanged } from '../use-rps.ts';

/** How many users the console reads at once. */
const LIMIT = '50';

/**
 * Reads the users of an RP page by page: all of them, or, if `sought` is not empty, the user with this ID and the users
 * with this name.
 */
export const useUsers = (rp: string, sought: string) =>
  useInfiniteQuery({
    queryKey: [...listUsersOfRpQueryKey({ path: { id: rp } }), 'found', sought],
    queryFn: async ({ pageParam, signal }): Promise<ListUsersOfRpResponse> => {
      const query = { limit: LIMIT, ...(pageParam && { cursor: pageParam }), ...(sought && { userName: sought }) };
      const [byId, { data }] = await Promise.all([
        sought === '' || pageParam ? undefined : findUser(rp, sought, signal),
        listUsersOfRp({ path: { id: rp }, query, signal, throwOnError: true }),
      ]);
      return { ...data, items: [...(byId ? [byId] : []), ...data.items] };
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: usersOf,
  });

/** Returns the users of all pages. The user with the sought ID may be on a page of the users with this name too. */
function usersOf({ pages }: InfiniteData<ListUsersOfRpResponse>): User[] {
  const users = pages.flatMap(({ items }) => items);
  return [...new Map(users.map((user) => [user.userId, user])).values()];
}

/**
 * Returns whether a text can be the last part of a path. A browser removes `.` and `..` from a path, so the request
 * would go to another route. Neither can be a user ID.
 */
export const isPathPart = (text: string): boolean => !/^\.{0,2}$/.test(text);

/** Returns the user with an ID, or undefined if the RP has no such user or the text cannot be a user ID. */
async function findUser(rp: string, userId: string, signal: AbortSignal): Promise<User | undefined> {
  if (!isPathPart(userId)) return undefined;
  try {
    const { data } = await getUserOfRp({ path: { id: rp, userId }, signal, throwOnError: true });
    return data;
  } catch (error) {
    if (['not-found', 'validation'].includes(slugOf(problemOf(error)))) return undefined;
    throw error;
  }
}

/** The functions to call after a user of an RP was changed. */
export interface UserChanged {
  /** Shows the edited user. */
  readonly edited: (user: User) => Promise<unknown>;
  /** Forgets the removed user, and reads the numbers of registered users again. */
  readonly removed: (user: User) => Promise<unknown>;
}

export function useUserChanged(rp: string): UserChanged {
  const queryClient = useQueryClient();
  const rpChanged = useRpChanged();
  const listsChanged = () => queryClient.invalidateQueries({ queryKey: listUsersOfRpQueryKey({ path: { id: rp } }) });
  return {
    edited: (user) => {
      queryClient.setQueryData(getUserOfRpQueryKey({ path: { id: rp, userId: user.userId } }), user);
      return listsChanged();
    },
    removed: ({ userId }) => {
      const path = { id: rp, userId };
      queryClient.removeQueries({ queryKey: getUserOfRpQueryKey({ path }), type: 'inactive' });
      queryClient.removeQueries({ queryKey: listCredentialsOfRpQueryKey({ path }), type: 'inactive' });
      return Promise.all([
        listsChanged(),
        rpChanged({ id: rp }),
        queryClient.invalidateQueries({ queryKey: getRpQueryKey({ path: { id: rp } }) }),
      ]);
    },
  };
}
