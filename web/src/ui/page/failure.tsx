import { Alert, Button, Group, Text } from '@mantine/core';
import { problemOf, slugOf } from '../../api/problem.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useProblemText } from '../use-problem-text.ts';

const texts = {
  en: { retry: 'Retry', requestId: 'Request ID' },
  ja: { retry: '再試行', requestId: 'リクエストID' },
} satisfies Texts<object>;

export interface FailureProps {
  /** The error that the API client threw. */
  readonly error: unknown;
  /** Retries the failed action. @default - no Retry button */
  readonly onRetry?: () => unknown;
  /**
   * Texts that replace the general texts of some problems, keyed by the slug of the problem.
   * @default - the general texts
   */
  readonly says?: Readonly<Record<string, string>>;
}

/** Shows a failure, with the request ID that helps the operator find the failure in the log. */
export function Failure({ error, onRetry, says = {} }: FailureProps) {
  const text = useText(texts);
  const textOf = useProblemText();
  const problem = problemOf(error);
  return (
    <Alert color="red" role="alert" title={says[slugOf(problem)] ?? textOf(problem)}>
      <Group justify="space-between">
        {problem.requestId !== '' && (
          <Text size="sm">
            {text.requestId}: <code>{problem.requestId}</code>
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={() => void onRetry()}>
            {text.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
