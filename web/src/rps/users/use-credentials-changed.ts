import { useQueryClient } from '@tanstack/react-query';
import {
  getUserOfRpQueryKey,
  listCredentialsOfRpQueryKey,
  listUsersOfRpQueryKey,
} from '../../client/@tanstack/react-query.gen.ts';
import type { Credential, ListCredentialsOfRpResponse } from '../../client/types.gen.ts';

/**
 * Returns a function to call after a credential of a user was edited or removed. The function changes the cached list,
 * and makes the console read the numbers of the user's credentials again.
 */
export function useCredentialsChanged(path: { readonly id: string; readonly userId: string }) {
  const queryClient = useQueryClient();
  return (change: (credentials: readonly Credential[]) => Credential[]): Promise<unknown> => {
    queryClient.setQueryData<ListCredentialsOfRpResponse>(
      listCredentialsOfRpQueryKey({ path }),
      (list) => list && { ...list, items: change(list.items) },
    );
    return Promise.all([
      queryClient.invalidateQueries({ queryKey: getUserOfRpQueryKey({ path }) }),
      queryClient.invalidateQueries({ queryKey: listUsersOfRpQueryKey({ path: { id: path.id } }) }),
    ]);
  };
}
