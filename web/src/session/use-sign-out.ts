import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isSignedOut } from '../api/problem.ts';
import { deleteSessionMutation } from '../client/@tanstack/react-query.gen.ts';
import { useSessionEnded } from './use-session.ts';

/** Ends the session, here and in the service. One that had ended already is as good. */
export function useSignOut() {
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useMutation({
    ...deleteSessionMutation(),
    onSettled: (_, error) => {
      if (error && !isSignedOut(error)) return;
      navigate('/sign-in');
      sessionEnded();
    },
  });
}
