import { Alert, Anchor, Text } from '@mantine/core';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { isSignedOut } from '../../api/problem.ts';
import { CeremonyProblem } from '../../session/ceremony-problem.tsx';
import { signsIn } from '../../session/passkeys.ts';
import { texts as administratorsTexts } from '../../session/texts.ts';
import { useText } from '../../text/language.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { FrontPage } from '../../ui/page/front-page.tsx';
import { NewLinkCommand } from './new-link-command.tsx';
import { registerPasskey } from './passkeys.ts';
import { texts } from './texts.ts';

export interface RegisterPageProps {
  /** The token of the link that the command line printed. Undefined if the page was opened without a link. */
  readonly token: string | undefined;
  /** Forgets the token. */
  readonly onUsed: () => void;
  /** Called after the passkey was registered. */
  readonly onRegistered: () => void;
}

/**
 * Registers an operator's passkey with a link. The link works once, so the page uses the token only when the person
 * clicks the button. The link opens no session: the person then signs in with the passkey, which proves that it works.
 */
export function RegisterPage({ token, onUsed, onRegistered }: RegisterPageProps) {
  const text = useText(texts).register;
  const { notSupported } = useText(administratorsTexts).addPasskey;
  const [, navigate] = useLocation();
  const register = useMutation({
    ...signsIn,
    mutationFn: registerPasskey,
    onSuccess: () => {
      onUsed();
      onRegistered();
      navigate('/operator', { replace: true });
    },
  });
  const isSupported = browserSupportsWebAuthn();
  const isRefused = isSignedOut(register.error);
  const canRegister = token !== undefined && !isRefused;
  return (
    <FrontPage key={String(canRegister)} title={text.title}>
      {canRegister && (
        <>
          <Text>{text.explanation}</Text>
          <Text size="sm">{text.once}</Text>
          {!isSupported && <Alert color="yellow">{notSupported}</Alert>}
          <ActionButton
            loading={register.isPending}
            disabled={!isSupported}
            onClick={() => {
              register.mutate(token);
            }}
          >
            {text.register}
          </ActionButton>
        </>
      )}
      <CeremonyProblem error={register.error}>
        <Failure error={register.error} says={{ unauthenticated: text.linkRefused, validation: text.refused }} />
      </CeremonyProblem>
      {token === undefined && <Text>{text.noLink}</Text>}
      {!canRegister && (
        <>
          <NewLinkCommand says={text.newLink} />
          {/* The passkey may be registered already, even if the response was lost. */}
          <Anchor component={Link} href="/operator" underline="always">
            {text.toSignIn}
          </Anchor>
        </>
      )}
    </FrontPage>
  );
}
