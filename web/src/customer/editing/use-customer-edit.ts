import { useQueryClient } from '@tanstack/react-query';
import { getCustomerOptions, getCustomerQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { useVersionedEdit, type VersionedEditOptions } from '../../ui/form/use-versioned-edit.ts';

/** Returns a mutation that saves an edit of the customer, as `useVersionedEdit` describes. */
export function useCustomerEdit<Body>(options: Omit<VersionedEditOptions<CustomerView, Body>, 'versionOf' | 'read'>) {
  const queryClient = useQueryClient();
  return useVersionedEdit({
    ...options,
    versionOf: ({ customer }) => customer.version,
    read: () => queryClient.query({ ...getCustomerOptions(), staleTime: 0 }),
    onSaved: async (saved) => {
      queryClient.setQueryData(getCustomerQueryKey(), saved);
      await options.onSaved(saved);
    },
  });
}
