import { useQuery } from '@tanstack/react-query';
import { deleteOperatorSessionMutation, getOperatorSessionOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useEndSession } from '../../session/use-sign-out.ts';
import { readOnReturn } from '../../session/use-session.ts';
import { forgetSession, queryClient, tellOtherTabs } from './query-client.ts';

/** Reads the session, which names the operator. An `unauthenticated` problem means that no operator is signed in. */
export const useOperatorSession = () => useQuery({ ...getOperatorSessionOptions(), ...readOnReturn });

/** Reads all data anew, because an operator signed in. */
export function operatorSignedIn(): Promise<void> {
  tellOtherTabs();
  return queryClient.resetQueries();
}

/** Ends the operator's session, and drops all cached data of the operators' pages. */
export const useOperatorSignOut = () =>
  useEndSession(deleteOperatorSessionMutation(), '/operator', () => {
    tellOtherTabs();
    forgetSession();
  });
