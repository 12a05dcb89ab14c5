import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Route, Switch } from 'wouter';
import { isSignedOut } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { FailedPage } from '../ui/page/failed-page.tsx';
import { Opening } from '../ui/page/opening.tsx';
import { SiteContext } from '../ui/page/site.tsx';
import { OperatorShell } from './operator-shell.tsx';
import { OperatorSignInPage, type OperatorSignInPageProps } from './session/operator-sign-in-page.tsx';
import { queryClient } from './session/query-client.ts';
import { RegisterPage } from './session/register-page.tsx';
import { operatorSignedIn, useOperatorSession } from './session/use-operator-session.ts';

const texts = { en: { name: 'Operator' }, ja: { name: '運営者' } } satisfies Texts<object>;

export interface OperatorAppProps {
  /** The token in the link that the person opened, if there was one. */
  readonly token: string | undefined;
  /** Forgets the token. */
  readonly onUsed: () => void;
}

/** Shows the pages for the operators of the service, who are no administrators of a customer. */
export default function OperatorApp({ token, onUsed }: OperatorAppProps) {
  const [hasRegistered, setRegistered] = useState(false);
  const { name } = useText(texts);
  const site = useMemo(() => ({ name, color: 'grape' }), [name]);
  return (
    <QueryClientProvider client={queryClient}>
      <SiteContext value={site}>
        <Switch>
          <Route path="/operator/register">
            <RegisterPage
              key={token}
              token={token}
              onUsed={onUsed}
              onRegistered={() => {
                setRegistered(true);
              }}
            />
          </Route>
          <Route>
            <SignedIn
              hasRegistered={hasRegistered}
              onSignedIn={() => {
                setRegistered(false);
                return operatorSignedIn();
              }}
            />
          </Route>
        </Switch>
      </SiteContext>
    </QueryClientProvider>
  );
}

interface SignedInProps extends Pick<OperatorSignInPageProps, 'onSignedIn'> {
  /** Whether the person has just registered a passkey in this tab. */
  readonly hasRegistered: boolean;
}

/** Asks the person to sign in if no operator is signed in. Otherwise, shows the page that the address names. */
function SignedIn({ hasRegistered, onSignedIn }: SignedInProps) {
  const session = useOperatorSession();
  // Keeps the sign-in page while the console reads the session again, for example when the person returns to the tab.
  const [signsIn, setSignsIn] = useState(false);
  const isOut = session.isPending ? signsIn : isSignedOut(session.error);
  if (isOut !== signsIn) setSignsIn(isOut);
  if (isOut) {
    const after = session.data ? 'ended' : hasRegistered ? 'registered' : undefined;
    return <OperatorSignInPage {...(after && { after })} onSignedIn={onSignedIn} />;
  }
  if (session.data) return <OperatorShell operator={session.data.operator} />;
  return session.isError ? <FailedPage error={session.error} onRetry={session.refetch} /> : <Opening />;
}
