import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { getCustomerQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { unsubscribeCustomer } from '../client/sdk.gen.ts';
import type { Administrator, CustomerView } from '../client/types.gen.ts';
import { signInWithPasskey } from '../session/passkeys.ts';
import { useSessionChanged, useSessionEnded } from '../session/use-session.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFieldErrors } from '../ui/use-field-errors.ts';
import type { SaveOptions } from '../ui/use-save.ts';
import type { Unsubscribed } from './unsubscribed-page.tsx';

const texts = {
  en: {
    someoneElse: (name: string) => `That was the passkey of ${name}, who is signed in now. Nothing was unsubscribed.`,
  },
  ja: {
    someoneElse: (name: string) =>
      `${name} さんのパスキーが使用され、${name} さんでサインインしました。解約は行われていません。`,
  },
} satisfies Texts<object>;

export interface UnsubscribeOptions {
  readonly form: NonNullable<SaveOptions<unknown>['form']>;
  readonly representative: CustomerView['representative'];
  readonly hasPasskey: boolean;
}

/** Signs the representative in anew with a passkey, unsubscribes, and shows what happens now. */
export function useUnsubscribe({ form, representative, hasPasskey }: UnsubscribeOptions) {
  const text = useText(texts);
  const fieldErrorsOf = useFieldErrors();
  const queryClient = useQueryClient();
  const sessionChanged = useSessionChanged();
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async (body: { confirmation: string }) => {
      if (hasPasskey) await signInAs(representative);
      await unsubscribeCustomer({ body, throwOnError: true });
    },
    onSuccess: () => {
      const state: Unsubscribed = { email: representative.email };
      navigate('/unsubscribed', { state, replace: true });
      sessionEnded();
    },
    onError: async (error) => {
      if (error instanceof SomeoneElseError) {
        notifications.show({ color: 'yellow', message: text.someoneElse(error.administrator.name) });
        await sessionChanged();
        return;
      }
      form.setErrors(fieldErrorsOf(error));
      // The name, the license or the representative may have been changed meanwhile.
      await queryClient.invalidateQueries({ queryKey: getCustomerQueryKey() });
    },
  });
}

/** The passkey was another administrator's, and signed that one in. */
class SomeoneElseError extends Error {
  override readonly name = 'SomeoneElseError';
  readonly administrator: Administrator;
  constructor(administrator: Administrator) {
    super(`The passkey is of ${administrator.id}`);
    this.administrator = administrator;
  }
}

async function signInAs({ administratorId }: CustomerView['representative']): Promise<void> {
  const administrator = await signInWithPasskey();
  if (administrator.id !== administratorId) throw new SomeoneElseError(administrator);
}
