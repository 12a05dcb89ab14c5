import { useQuery, useQueryClient } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import { listApiKeysQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { listApiKeys } from '../client/sdk.gen.ts';
import type { ApiKey } from '../client/types.gen.ts';

const queryKeyOf = (rp: string) => [...listApiKeysQueryKey({ path: { id: rp } }), 'all'] as const;

/** Reads every API key of an RP. */
export const useApiKeys = (rp: string) =>
  useQuery({
    queryKey: queryKeyOf(rp),
    queryFn: ({ signal }) => allPages((query) => listApiKeys({ path: { id: rp }, query, signal, throwOnError: true })),
  });

/**
 * Gives what is to be called when an API key was created or deleted. It changes what was read: read anew at once, the list
 * may not have a new key yet.
 */
export function useApiKeysChanged(rp: string): (change: (apiKeys: readonly ApiKey[]) => ApiKey[]) => void {
  const queryClient = useQueryClient();
  return (change) => {
    queryClient.setQueryData<ApiKey[]>(queryKeyOf(rp), (apiKeys) => apiKeys && change(apiKeys));
  };
}
