import { Alert, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { isSignedOut } from '../../api/problem.ts';
import { CeremonyProblem } from '../../session/ceremony-problem.tsx';
import { signsIn } from '../../session/passkeys.ts';
import { useText } from '../../text/language.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { FrontPage } from '../../ui/page/front-page.tsx';
import { NewLinkCommand } from './new-link-command.tsx';
import { signInWithPasskey } from './passkeys.ts';
import { texts } from './texts.ts';

export interface OperatorSignInPageProps {
  /** Why the page asks the operator to sign in. @default - the operator opened the page */
  readonly after?: 'ended' | 'registered';
  /** Called after the operator signed in. */
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Signs an operator in with a passkey. After a session has ended, the person returns to the page that the address
 * names.
 */
export function OperatorSignInPage({ after, onSignedIn }: OperatorSignInPageProps) {
  const text = useText(texts).signIn;
  const signIn = useMutation({ ...signsIn, mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  return (
    <FrontPage title={text.title}>
      {after && <Alert role="status">{text[after]}</Alert>}
      <Text size="sm">{text.which}</Text>
      <ActionButton
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate();
        }}
      >
        {text.withPasskey}
      </ActionButton>
      <CeremonyProblem error={signIn.error}>
        <Failure error={signIn.error} says={{ unauthenticated: text.refused }} />
        {isSignedOut(signIn.error) && (
          <>
            <NewLinkCommand says={text.newLink} />
            <Text size="sm">{text.removed}</Text>
          </>
        )}
      </CeremonyProblem>
    </FrontPage>
  );
}
