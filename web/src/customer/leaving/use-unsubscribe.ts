import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { getCustomerQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { unsubscribeCustomer } from '../../client/sdk.gen.ts';
import type { CustomerView, UnsubscribeCustomerResponse } from '../../client/types.gen.ts';
import { useSessionEnded } from '../../session/use-session.ts';
import { useSignInAs } from '../../session/use-sign-in-as.ts';
import { useSave, type SaveOptions } from '../../ui/form/use-save.ts';
import type { Unsubscribed } from './unsubscribed-page.tsx';

export interface UnsubscribeOptions {
  readonly form: NonNullable<SaveOptions<unknown>['form']>;
  readonly representative: CustomerView['representative'];
  /** Whether the representative confirms with a passkey. */
  readonly usesPasskey: boolean;
  /** Called when the grace period has begun. */
  readonly onGracePeriod: () => unknown;
}

/**
 * Returns a mutation that unsubscribes the customer. If the representative confirms with a passkey, the mutation first
 * signs the representative in again with the passkey. If the service has no grace period, the session has ended, and the console
 * shows the next steps.
 */
export function useUnsubscribe({ form, representative, usesPasskey, onGracePeriod }: UnsubscribeOptions) {
  const signInAs = useSignInAs();
  const queryClient = useQueryClient();
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useSave<UnsubscribeCustomerResponse, unknown, { confirmation: string }>(
    {
      mutationFn: async (body) => {
        if (usesPasskey) await signInAs(representative.administratorId);
        return (await unsubscribeCustomer({ body, throwOnError: true })).data;
      },
      // Somebody may have changed the customer's name, license or representative after the console read the customer.
      onSettled: (_, error) => error && queryClient.invalidateQueries({ queryKey: getCustomerQueryKey() }),
    },
    {
      form,
      message: null,
      onSaved: ({ status }) => {
        if (status === 'active') return onGracePeriod();
        const state: Unsubscribed = { email: representative.email };
        navigate('/unsubscribed', { state, replace: true });
        sessionEnded();
        return undefined;
      },
    },
  );
}
