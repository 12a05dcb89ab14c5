import { Button } from '@mantine/core';
import { useText } from '../text/language.tsx';
import { texts } from './texts.ts';
import { useSignOut } from './use-sign-out.ts';

export function SignOutButton() {
  const text = useText(texts);
  const signOut = useSignOut();
  return (
    <Button
      variant="subtle"
      loading={signOut.isPending}
      onClick={() => {
        signOut.mutate({});
      }}
    >
      {text.signOut}
    </Button>
  );
}
