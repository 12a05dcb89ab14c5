import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { getCustomerQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { unsubscribeCustomer } from '../client/sdk.gen.ts';
import type { CustomerView } from '../client/types.gen.ts';
import { useSessionEnded } from '../session/use-session.ts';
import { SomeoneElseError, useSignInAs } from '../session/use-sign-in-as.ts';
import { useFieldErrors } from '../ui/use-field-errors.ts';
import type { SaveOptions } from '../ui/use-save.ts';
import type { Unsubscribed } from './unsubscribed-page.tsx';

export interface UnsubscribeOptions {
  readonly form: NonNullable<SaveOptions<unknown>['form']>;
  readonly representative: CustomerView['representative'];
  readonly hasPasskey: boolean;
}

/** Signs the representative in anew with a passkey, unsubscribes, and shows what happens now. */
export function useUnsubscribe({ form, representative, hasPasskey }: UnsubscribeOptions) {
  const signInAs = useSignInAs();
  const fieldErrorsOf = useFieldErrors();
  const queryClient = useQueryClient();
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async (body: { confirmation: string }) => {
      if (hasPasskey) await signInAs(representative.administratorId);
      await unsubscribeCustomer({ body, throwOnError: true });
    },
    onSuccess: () => {
      const state: Unsubscribed = { email: representative.email };
      navigate('/unsubscribed', { state, replace: true });
      sessionEnded();
    },
    onError: async (error) => {
      if (error instanceof SomeoneElseError) return;
      form.setErrors(fieldErrorsOf(error));
      // The name, the license or the representative may have been changed meanwhile.
      await queryClient.invalidateQueries({ queryKey: getCustomerQueryKey() });
    },
  });
}
