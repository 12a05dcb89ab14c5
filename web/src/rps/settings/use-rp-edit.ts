import { useQueryClient } from '@tanstack/react-query';
import { getRpOptions, getRpQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { editRp } from '../../client/sdk.gen.ts';
import type { EditRpData, RpDetails } from '../../client/types.gen.ts';
import { useVersionedEdit, type VersionedEditOptions } from '../../ui/form/use-versioned-edit.ts';

/** Returns a mutation that saves an edit of an RP's name or settings, as `useVersionedEdit` describes. */
export function useRpEdit(
  options: Omit<VersionedEditOptions<RpDetails, EditRpData['body']>, 'save' | 'versionOf' | 'read'>,
) {
  const queryClient = useQueryClient();
  const path = { id: options.view.id };
  return useVersionedEdit<RpDetails, EditRpData['body']>({
    ...options,
    save: (edit) => editRp({ ...edit, path, throwOnError: true }),
    versionOf: ({ version }) => version,
    read: () => queryClient.query({ ...getRpOptions({ path }), staleTime: 0 }),
    onSaved: async (saved) => {
      queryClient.setQueryData(getRpQueryKey({ path }), saved);
      await options.onSaved(saved);
    },
  });
}
