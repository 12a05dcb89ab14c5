import { Anchor, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isSignedOut } from '../api/problem.ts';
import { useLanguage, useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { FrontPage } from '../ui/page/front-page.tsx';
import { signIn, signsIn } from './passkeys.ts';
import { takeRequestedPage } from './requested-page.ts';
import { texts } from './texts.ts';
import { PASSKEY_LATER, useSessionChanged } from './use-session.ts';

/**
 * Signs a person in with the token of an activation or sign-in link. The link works once, so the page uses the token
 * only when the person clicks the button. A mail scanner that only opens the page leaves the link valid. Then opens the
 * page on which the person requested the link.
 */
export default function LinkPage({ token, onUsed }: { readonly token: string; readonly onUsed: () => void }) {
  const text = useText(texts).link;
  const { language } = useLanguage();
  const sessionChanged = useSessionChanged();
  const [, navigate] = useLocation();
  const use = useMutation({
    ...signsIn,
    mutationFn: signIn,
    onSuccess: async () => {
      onUsed();
      sessionStorage.removeItem(PASSKEY_LATER);
      navigate(takeRequestedPage(), { replace: true });
      await sessionChanged();
    },
  });
  const isRefused = isSignedOut(use.error);
  return (
    <FrontPage key={String(isRefused)} title={text.title}>
      {/* After a temporary error, the link still works, so the person can try again. */}
      {!isRefused && (
        <>
          <Text>{text.explanation}</Text>
          <ActionButton
            loading={use.isPending}
            onClick={() => {
              use.mutate({ token, language });
            }}
          >
            {text.signIn}
          </ActionButton>
        </>
      )}
      {use.isError && (
        <>
          <Failure error={use.error} says={{ unauthenticated: text.refused, 'already-exists': text.elsewhere }} />
          <Anchor component="button" onClick={onUsed}>
            {text.another}
          </Anchor>
        </>
      )}
    </FrontPage>
  );
}
