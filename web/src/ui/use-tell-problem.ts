import { notifications } from '@mantine/notifications';
import { problemOf } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useProblemText } from './use-problem-text.ts';

const texts = { en: { requestId: 'Request ID' }, ja: { requestId: 'リクエストID' } } satisfies Texts<object>;

/**
 * Returns a function that shows a failure as a notification, with the reason and the request ID. The console uses this
 * function for failures that no part of the page shows.
 */
export function useTellProblem(): (title: string, error: unknown) => void {
  const text = useText(texts);
  const textOf = useProblemText();
  return (title, error) => {
    const problem = problemOf(error);
    const requestId = problem.requestId && ` (${text.requestId}: ${problem.requestId})`;
    notifications.show({ color: 'red', title, message: textOf(problem) + requestId });
  };
}
