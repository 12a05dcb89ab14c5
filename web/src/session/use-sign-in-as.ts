import { notifications } from '@mantine/notifications';
import { useText, type Texts } from '../text/language.tsx';
import { signInWithPasskey } from './passkeys.ts';
import { useSessionChanged } from './use-session.ts';

const texts = {
  en: {
    someoneElse: (name: string) => `This passkey belongs to ${name}, who is now signed in. Nothing else was changed.`,
  },
  ja: {
    someoneElse: (name: string) =>
      `${name} さんのパスキーが使用され、${name} さんでサインインしました。ほかの操作は行われていません。`,
  },
} satisfies Texts<object>;

/**
 * The error for a passkey that belongs to another administrator, who is now signed in. The console has already shown a
 * notification that names this administrator.
 */
class SomeoneElseError extends Error {
  override readonly name = 'SomeoneElseError';
}

/**
 * Returns a function that signs an administrator in again with a passkey. If the passkey belongs to another
 * administrator, the console switches to this administrator, and the function throws `SomeoneElseError`.
 */
export function useSignInAs(): (administratorId: string) => Promise<void> {
  const text = useText(texts);
  const sessionChanged = useSessionChanged();
  return async (administratorId) => {
    const administrator = await signInWithPasskey();
    if (administrator.id === administratorId) return;
    notifications.show({ color: 'yellow', message: text.someoneElse(administrator.name) });
    await sessionChanged();
    throw new SomeoneElseError(`The passkey belongs to ${administrator.id}`);
  };
}
