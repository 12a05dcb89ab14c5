import { useQuery } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import { listAdministratorsQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { listAdministrators } from '../client/sdk.gen.ts';

/**
 * Reads every administrator of the customer. The key of this query begins with `listAdministratorsQueryKey()`.
 * Therefore, a call that invalidates this shorter key invalidates this query too.
 */
export const useAllAdministrators = () =>
  useQuery({
    queryKey: [...listAdministratorsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listAdministrators({ query, signal, throwOnError: true })),
  });
