import { useQuery } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import { listAdministratorsQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { listAdministrators } from '../client/sdk.gen.ts';

/**
 * Reads every administrator of the customer. The query key begins with the key of the query for one page of the list,
 * so a call that invalidates the queries for pages also invalidates this query.
 */
export const useAllAdministrators = () =>
  useQuery({
    queryKey: [...listAdministratorsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listAdministrators({ query, signal, throwOnError: true })),
  });
