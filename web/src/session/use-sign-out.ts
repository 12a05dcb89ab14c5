import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isSignedOut } from '../api/problem.ts';
import { deleteSessionMutation } from '../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useTellProblem } from '../ui/use-tell-problem.ts';
import { useSessionEnded } from './use-session.ts';

const texts = {
  en: { failed: 'You are still signed in' },
  ja: { failed: 'サインアウトできませんでした' },
} satisfies Texts<object>;

/** Ends an administrator's session. */
export const useSignOut = () => useEndSession(deleteSessionMutation(), '/sign-in', useSessionEnded());

/**
 * Ends a session in the service and in the console, and then shows the sign-in page at the path `signInPage`. If the
 * service answers that the session has already ended, signing out succeeds. The console shows every other error.
 */
export function useEndSession<Data, Problem, Variables>(
  mutation: UseMutationOptions<Data, Problem, Variables>,
  signInPage: string,
  sessionEnded: () => void,
) {
  const text = useText(texts);
  const tellProblem = useTellProblem();
  const [, navigate] = useLocation();
  return useMutation({
    ...mutation,
    onSettled: (_, error) => {
      if (error && !isSignedOut(error)) {
        tellProblem(text.failed, error);
        return;
      }
      navigate(signInPage);
      sessionEnded();
    },
  });
}
