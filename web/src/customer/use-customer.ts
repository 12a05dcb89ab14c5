import { hashKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, slugOf } from '../api/problem.ts';
import { getCustomerOptions, getCustomerQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useSave, type SaveOptions } from '../ui/form/use-save.ts';

/** Reads the Customer view, which several blocks share. */
export const useCustomer = () => useQuery(getCustomerOptions());

/** Gives the service's time zone, by which the console writes times beside those of months and licenses. Undefined until it is known. */
export const useTimeZone = (): string | undefined => useCustomer().data?.month.timeZone;

/** What the client's functions for an edit take. */
export interface Edit<Body> {
  readonly body: Body;
  readonly headers: { readonly 'If-Match': string };
}

export interface CustomerEditOptions<Body> extends SaveOptions<CustomerView> {
  /** Saves it on the version that `If-Match` has. */
  readonly save: (edit: Edit<Body>) => Promise<{ readonly data: CustomerView }>;
  /** The customer as it was when the form was opened. */
  readonly view: CustomerView;
  /** What the form shows of a view. */
  readonly shows: (view: CustomerView) => unknown;
  /** What the form does with the view that is there now, when someone else changed what it shows. @default - nothing */
  readonly onConflict?: (now: CustomerView) => void;
}

/** How often an edit is saved again by itself while others change something else. */
const TRIED_AGAIN = 2;

/**
 * Saves an edit of the customer, on the version that was shown when the form was opened. When someone else changed it
 * meanwhile nothing is saved, and the view is read anew. Where what the form shows is as it was, it is saved on the version that
 * is there now; otherwise `isConflict` is true, and saving once more is on what is shown then.
 */
export function useCustomerEdit<Body>({ save, view, shows, onConflict, ...options }: CustomerEditOptions<Body>) {
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState(view);
  const saveOn = async (on: CustomerView, body: Body, again = TRIED_AGAIN): Promise<CustomerView> => {
    try {
      const { data } = await save({ body, headers: { 'If-Match': `"${on.customer.version}"` } });
      return data;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const now = await queryClient.query({ ...getCustomerOptions(), staleTime: 0 });
      setSeen(now);
      if (again > 0 && hashKey([shows(now)]) === hashKey([shows(on)])) return saveOn(now, body, again - 1);
      onConflict?.(now);
      throw error;
    }
  };
  const edit = useSave<CustomerView, unknown, Body>(
    { mutationFn: (body) => saveOn(seen, body) },
    {
      ...options,
      onSaved: async (saved) => {
        queryClient.setQueryData(getCustomerQueryKey(), saved);
        await options.onSaved(saved);
      },
    },
  );
  return { ...edit, isConflict: isConflict(edit.error) };
}

const isConflict = (error: unknown) => slugOf(problemOf(error)) === 'version-conflict';
