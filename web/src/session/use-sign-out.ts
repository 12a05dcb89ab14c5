import { useMutation } from '@tanstack/react-query';
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

/**
 * Ends the session in the service and in the console. If the service answers that the session has already ended,
 * signing out succeeds. The console shows every other error.
 */
export function useSignOut() {
  const text = useText(texts);
  const tellProblem = useTellProblem();
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  return useMutation({
    ...deleteSessionMutation(),
    onSettled: (_, error) => {
      if (error && !isSignedOut(error)) {
        tellProblem(text.failed, error);
        return;
      }
      navigate('/sign-in');
      sessionEnded();
    },
  });
}
