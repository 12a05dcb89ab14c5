import { hashKey, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, slugOf } from '../../api/problem.ts';
import { getCustomerOptions, getCustomerQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { useSave, type SaveOptions } from '../../ui/form/use-save.ts';

/** The arguments of the API client's functions that edit the customer. */
export interface Edit<Body> {
  readonly body: Body;
  readonly headers: { readonly 'If-Match': string };
}

export interface CustomerEditOptions<Body> extends SaveOptions<CustomerView> {
  /** Saves the edit if the version in `If-Match` is current. */
  readonly save: (edit: Edit<Body>) => Promise<{ readonly data: CustomerView }>;
  /** The data of the customer that the console had loaded when the form was opened. */
  readonly view: CustomerView;
  /** Returns the part of the customer data that the form shows. */
  readonly shows: (view: CustomerView) => unknown;
  /**
   * Called with the current customer data if another person changed the part that the form shows.
   * @default - nothing happens
   */
  readonly onConflict?: (now: CustomerView) => void;
}

/**
 * How many times `useCustomerEdit` automatically sends a rejected edit again if other people changed only parts of the
 * customer that the form does not show.
 */
const RETRIES = 2;

/**
 * Returns a mutation that saves an edit of the customer, based on the version that the form shows. If someone else has
 * changed the customer after this version was read, the service saves nothing, and this hook reads the customer again:
 * - If the edit of the other person did not change the part that the form shows, this hook sends the edit again, based
 *   on the current version.
 * - Otherwise, `isConflict` is true, and the form can show the current values. If the person saves again, the edit is
 *   based on the version that this hook read last.
 */
export function useCustomerEdit<Body>({ save, view, shows, onConflict, ...options }: CustomerEditOptions<Body>) {
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState(view);
  const saveOn = async (on: CustomerView, body: Body, retries = RETRIES): Promise<CustomerView> => {
    try {
      const { data } = await save({ body, headers: { 'If-Match': `"${on.customer.version}"` } });
      return data;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const now = await queryClient.query({ ...getCustomerOptions(), staleTime: 0 });
      setSeen(now);
      if (retries > 0 && hashKey([shows(now)]) === hashKey([shows(on)])) return saveOn(now, body, retries - 1);
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
