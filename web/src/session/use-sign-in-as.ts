import { notifications } from '@mantine/notifications';
import { useText, type Texts } from '../text/language.tsx';
import { signInWithPasskey } from './passkeys.ts';
import { useSessionChanged } from './use-session.ts';

const texts = {
  en: {
    someoneElse: (name: string) => `That was the passkey of ${name}, who is signed in now. Nothing else was done.`,
  },
  ja: {
    someoneElse: (name: string) =>
      `${name} さんのパスキーが使用され、${name} さんでサインインしました。ほかの操作は行われていません。`,
  },
} satisfies Texts<object>;

/** The passkey was another administrator's, who is signed in now and was told so. */
export class SomeoneElseError extends Error {
  override readonly name = 'SomeoneElseError';
}

/**
 * Gives what signs an administrator in anew with a passkey. When it is somebody else's, the console shows theirs from then
 * on, and `SomeoneElseError` is thrown.
 */
export function useSignInAs(): (administratorId: string) => Promise<void> {
  const text = useText(texts);
  const sessionChanged = useSessionChanged();
  return async (administratorId) => {
    const administrator = await signInWithPasskey();
    if (administrator.id === administratorId) return;
    notifications.show({ color: 'yellow', message: text.someoneElse(administrator.name) });
    await sessionChanged();
    throw new SomeoneElseError(`The passkey is of ${administrator.id}`);
  };
}
