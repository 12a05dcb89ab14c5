import { useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { texts } from './texts.ts';
import { useSignOut } from './use-sign-out.ts';

export function SignOutButton() {
  const text = useText(texts);
  const signOut = useSignOut();
  return (
    <ActionButton
      variant="subtle"
      loading={signOut.isPending}
      onClick={() => {
        signOut.mutate({});
      }}
    >
      {text.signOut}
    </ActionButton>
  );
}
