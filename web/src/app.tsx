import { useSessionStorage, useWindowEvent } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { Activity, Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { isSignedOut } from './api/problem.ts';
import { waitsForPerson } from './api/unsaved-input.ts';
import { useLinkToken } from './session/use-link-token.ts';
import { PASSKEY_LATER, useSession } from './session/use-session.ts';
import { Shell } from './shell.tsx';
import { Dialogs } from './ui/dialog.tsx';
import { FailedPage } from './ui/page/failed-page.tsx';
import { loadedLater } from './ui/page/loaded-later.ts';
import { Opening } from './ui/page/opening.tsx';

// The code of each of these pages is loaded only when the page opens, because most people are already signed in when
// they open the console.
const OperatorApp = loadedLater(() => import('./operator/operator-app.tsx'));
const AddPasskeyPage = loadedLater(() => import('./session/add-passkey-page.tsx'));
const LinkPage = loadedLater(() => import('./session/link-page.tsx'));
const SignInPage = loadedLater(() => import('./session/sign-in-page.tsx'));
const SignUpPage = loadedLater(() => import('./session/sign-up-page.tsx'));
const ConfirmEmailPage = loadedLater(() => import('./account/confirm-email-page.tsx'));
const UnsubscribedPage = loadedLater(() => import('./customer/leaving/unsubscribed-page.tsx'));

/**
 * Shows the console: the public pages to everybody, the operators' pages, which have a sign-in of their own, and all
 * other pages to people who are signed in.
 */
export function App() {
  const { token, forget } = useLinkToken();
  // When the person leaves a page with the browser's Back or Forward button, the dialogs of this page close. When a
  // dialog itself opens another page, the event `popstate` does not occur, so the dialog stays open.
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
        <Route path="/operator/*?">
          <OperatorApp token={token} onUsed={forget} />
        </Route>
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Suspense>
  );
}

/**
 * Asks the person to sign in if nobody is signed in. Asks a signed-in person to add a passkey if the person has no
 * passkey and did not skip this step, or if the session allows only this step. Otherwise, shows the console.
 *
 * If the session ends while the person has unsaved input, the page is hidden and keeps the input until the same person
 * signs in again.
 */
function SignedIn() {
  const session = useSession();
  /**
   * The ID of the administrator who skipped adding a passkey in this tab. The page of an e-mailed link forgets this ID,
   * so the console asks again when the person signs in on this tab, but not when the person only confirms a sign-in on
   * another tab.
   */
  const [later, setLater] = useSessionStorage({
    key: PASSKEY_LATER,
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  // Keeps the sign-in page, and the text that the person typed there, while the console reads the session again, for
  // example when the person returns to the tab.
  const [signsIn, setSignsIn] = useState(false);
  const [isAwaited, setAwaited] = useState(false);
  const isOut = session.isPending ? signsIn : isSignedOut(session.error);
  if (isOut !== signsIn) {
    setSignsIn(isOut);
    setAwaited(isOut && waitsForPerson());
  }

  if (!session.data) {
    if (isOut) return <SignInPage />;
    if (!session.isError) return <Opening />;
    return <FailedPage error={session.error} onRetry={session.refetch} />;
  }
  const { administrator, mayOnly, hasPasskey } = session.data;
  const isRecovery = mayOnly === 'add-passkey';
  const asksForPasskey = isRecovery || (!hasPasskey && later !== administrator.id);
  if (isOut && (asksForPasskey || !isAwaited)) return <SignInPage hasEnded />;
  if (asksForPasskey) {
    return (
      <AddPasskeyPage
        key={administrator.id}
        administrator={administrator}
        isRecovery={isRecovery}
        onLater={() => {
          setLater(administrator.id);
        }}
      />
    );
  }
  return (
    <>
      {/* With this key, React discards the state of the pages and dialogs when another administrator signs in. */}
      <Activity key={administrator.id} mode={isOut ? 'hidden' : 'visible'}>
        <Dialogs>
          <Shell session={session.data} />
        </Dialogs>
      </Activity>
      {isOut && <SignInPage hasEnded isAwaited />}
    </>
  );
}
