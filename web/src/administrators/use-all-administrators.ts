import { useQuery } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import { listAdministratorsQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { listAdministrators } from '../client/sdk.gen.ts';

/**
 * Reads every administrator of the customer. A call that invalidates the queries for single pages of this list also
 * invalidates the query of this hook.
 */
export const useAllAdministrators = () =>
  useQuery({
    queryKey: [...listAdministratorsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listAdministrators({ query, signal, throwOnError: true })),
  });
