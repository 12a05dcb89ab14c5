import { useQuery, useQueryClient, type UseMutationOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, slugOf } from '../api/problem.ts';
import { getCustomerOptions, getCustomerQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useSave, type SaveOptions } from '../ui/use-save.ts';

/** Reads the Customer view, which several blocks share. */
export const useCustomer = () => useQuery(getCustomerOptions());

interface Edit<Body> {
  readonly body: Body;
  readonly headers: { readonly 'If-Match': string };
}

/**
 * Saves an edit of the customer, on the version that was shown when the form was opened. When someone else changed it
 * meanwhile nothing is saved: the view is read anew, `isConflict` is true, and saving once more is on what is shown then.
 */
export function useCustomerEdit<Problem, Body>(
  mutation: UseMutationOptions<CustomerView, Problem, Edit<Body>>,
  { customer }: CustomerView,
  options: SaveOptions<CustomerView>,
) {
  const queryClient = useQueryClient();
  const [version, setVersion] = useState(customer.version);
  const edit = useSave(mutation, {
    ...options,
    onSaved: async (view) => {
      queryClient.setQueryData(getCustomerQueryKey(), view);
      await options.onSaved(view);
    },
  });
  const readAnew = async () => {
    await queryClient.refetchQueries({ queryKey: getCustomerQueryKey() });
    const view = queryClient.getQueryData(getCustomerOptions().queryKey);
    if (view) setVersion(view.customer.version);
  };
  const isConflict = (error: unknown) => error !== null && slugOf(problemOf(error)) === 'version-conflict';
  return {
    isSaving: edit.isPending,
    error: edit.error,
    isConflict: isConflict(edit.error),
    save: (body: Body) => {
      edit.mutate(
        { body, headers: { 'If-Match': `"${version}"` } },
        {
          onError: (error) => {
            if (isConflict(error)) void readAnew();
          },
        },
      );
    },
  };
}
