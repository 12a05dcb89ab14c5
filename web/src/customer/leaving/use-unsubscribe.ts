import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { getCustomerQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { unsubscribeCustomer } from '../../client/sdk.gen.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { useSessionEnded } from '../../session/use-session.ts';
import { useSignInAs } from '../../session/use-sign-in-as.ts';
import { useSave, type SaveOptions } from '../../ui/form/use-save.ts';
import type { Unsubscribed } from './unsubscribed-page.tsx';

export interface UnsubscribeOptions {
  readonly form: NonNullable<SaveOptions<unknown>['form']>;
  readonly representative: CustomerView['representative'];
  readonly hasPasskey: boolean;
}

/**
 * Returns a mutation that unsubscribes the customer and then shows the next steps. If the representative has a passkey,
 * the mutation first signs the representative in again with the passkey.
 */
export function useUnsubscribe({ form, representative, hasPasskey }: UnsubscribeOptions) {
  const signInAs = useSignInAs();
  const queryClient = useQueryClient();
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useSave<unknown, unknown, { confirmation: string }>(
    {
      mutationFn: async (body) => {
        if (hasPasskey) await signInAs(representative.administratorId);
        await unsubscribeCustomer({ body, throwOnError: true });
      },
      // Somebody may have changed the customer's name, license or representative after the console read the customer.
      onSettled: (_, error) => error && queryClient.invalidateQueries({ queryKey: getCustomerQueryKey() }),
    },
    {
      form,
      message: null,
      onSaved: () => {
        const state: Unsubscribed = { email: representative.email };
        navigate('/unsubscribed', { state, replace: true });
        sessionEnded();
      },
    },
  );
}
