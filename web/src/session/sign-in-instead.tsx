import { useMutation } from '@tanstack/react-query';
import { useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { signInWithPasskey, signsIn } from './passkeys.ts';
import { texts } from './texts.ts';
import { useSessionChanged } from './use-session.ts';

/** Lets a person who signed in with a link use an existing passkey instead of registering a new one. */
export function SignInInstead() {
  const text = useText(texts);
  const sessionChanged = useSessionChanged();
  const signIn = useMutation({ ...signsIn, mutationFn: signInWithPasskey, onSuccess: sessionChanged });
  return (
    <>
      <ActionButton
        variant="default"
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate();
        }}
      >
        {text.addPasskey.signInInstead}
      </ActionButton>
      <CeremonyProblem error={signIn.error}>
        <Failure error={signIn.error} says={{ unauthenticated: text.signIn.refused }} />
      </CeremonyProblem>
    </>
  );
}
