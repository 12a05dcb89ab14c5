import { useQuery, useQueryClient } from '@tanstack/react-query';
import { allPages } from '../../api/all-pages.ts';
import { listApiKeysQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { listApiKeys } from '../../client/sdk.gen.ts';
import type { ApiKey } from '../../client/types.gen.ts';

/** The API keys of an RP. */
export interface ApiKeys {
  readonly items: ApiKey[];
  /** The most API keys that an RP can have. */
  readonly maximum: number;
}

const queryKeyOf = (rp: string) => [...listApiKeysQueryKey({ path: { id: rp } }), 'all'] as const;

/** Reads every API key of an RP. */
export const useApiKeys = (rp: string) =>
  useQuery({
    queryKey: queryKeyOf(rp),
    queryFn: async ({ signal }): Promise<ApiKeys> => {
      let maximum = 0;
      const items = await allPages(async (query) => {
        const page = await listApiKeys({ path: { id: rp }, query, signal, throwOnError: true });
        ({ maximum } = page.data);
        return page;
      });
      return { items, maximum };
    },
  });

/**
 * Returns a function to call after an API key was created or deleted. The function changes the cached list instead of
 * reading the list again, because the service may return a list without the new key at first.
 */
export function useApiKeysChanged(rp: string): (change: (apiKeys: readonly ApiKey[]) => ApiKey[]) => void {
  const queryClient = useQueryClient();
  return (change) => {
    queryClient.setQueryData<ApiKeys>(queryKeyOf(rp), (all) => all && { ...all, items: change(all.items) });
  };
}
