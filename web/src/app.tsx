import { Center, Loader } from '@mantine/core';
import { useSessionStorage, useWindowEvent } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { isSignedOut } from './api/problem.ts';
import { useLinkToken } from './session/use-link-token.ts';
import { useSession } from './session/use-session.ts';
import { Shell } from './shell.tsx';
import { useText, type Texts } from './text/language.tsx';
import { Failure, type FailureProps } from './ui/page/failure.tsx';
import { FrontPage } from './ui/page/front-page.tsx';
import { loadedLater } from './ui/page/loaded-later.ts';

// Whoever is signed in needs none of these at first.
const AddPasskeyPage = loadedLater(() => import('./session/add-passkey-page.tsx'));
const LinkPage = loadedLater(() => import('./session/link-page.tsx'));
const SignInPage = loadedLater(() => import('./session/sign-in-page.tsx'));
const SignUpPage = loadedLater(() => import('./session/sign-up-page.tsx'));
const ConfirmEmailPage = loadedLater(() => import('./account/confirm-email-page.tsx'));
const UnsubscribedPage = loadedLater(() => import('./customer/leaving/unsubscribed-page.tsx'));

const texts = {
  en: { failed: 'The console could not be opened', opening: 'Opening' },
  ja: { failed: 'コンソールを開けませんでした', opening: '読み込み中' },
} satisfies Texts<object>;

/** The console: what is for anyone, and behind sign-in all else. */
export function App() {
  const { token, forget } = useLinkToken();
  // By the browser's Back a page takes the dialogs along that were opened on it. They stay where they lead to another page themselves.
  useWindowEvent('popstate', () => {
    modals.closeAll();
  });
  return (
    <Suspense fallback={<Opening />}>
      <Switch>
        <Route path="/sign-up" component={SignUpPage} />
        <Route path="/sign-in">
          {token === undefined ? <SignInPage /> : <LinkPage key={token} token={token} onUsed={forget} />}
        </Route>
        <Route path="/confirm-email">
          <ConfirmEmailPage key={token} token={token} onLeave={forget} />
        </Route>
        <Route path="/unsubscribed" component={UnsubscribedPage} />
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Suspense>
  );
}

/** All that needs somebody who is signed in, and has a passkey or said that it can wait. */
function SignedIn() {
  const session = useSession();
  /** In which session somebody said that a passkey can wait: since when it is signed in. */
  const [later, setLater] = useSessionStorage({
    key: 'passkey-later',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  // What was typed to sign in stays while the session is read anew, as when the person comes back to the tab.
  const [signsIn, setSignsIn] = useState(false);
  const isOut = session.isPending ? signsIn : isSignedOut(session.error);
  if (isOut !== signsIn) setSignsIn(isOut);

  if (isOut) return <SignInPage hasEnded={session.data !== undefined} />;
  if (!session.data) {
    if (!session.isError) return <Opening />;
    return <FailedPage error={session.error} onRetry={session.refetch} />;
  }
  const { administrator, signedInAt, mayOnly, hasPasskey } = session.data;
  const isRecovery = mayOnly === 'add-passkey';
  if (isRecovery || (!hasPasskey && later !== signedInAt)) {
    return (
      <AddPasskeyPage
        key={administrator.id}
        administrator={administrator}
        isRecovery={isRecovery}
        onLater={() => {
          setLater(signedInAt);
        }}
      />
    );
  }
  // Nothing that one administrator has open is another's.
  return <Shell key={administrator.id} session={session.data} />;
}

/** Stands where the console would be. */
export function FailedPage({ error, onRetry }: Required<Pick<FailureProps, 'error' | 'onRetry'>>) {
  const text = useText(texts);
  return (
    <FrontPage title={text.failed}>
      <Failure error={error} onRetry={onRetry} />
    </FrontPage>
  );
}

function Opening() {
  const text = useText(texts);
  return (
    <Center component="main" h="100vh">
      <Loader role="status" aria-label={text.opening} />
    </Center>
  );
}
