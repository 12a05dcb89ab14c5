import { Alert, Stack, Text } from '@mantine/core';
import { useSession } from '../session/use-session.ts';
import { useText } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { texts } from './texts.ts';

/** Explains the recovery hold of the person who is signed in. Shows nothing without a hold. */
export function RecoveryHoldAlert() {
  const text = useText(texts).hold;
  const format = useFormat();
  const until = useSession().data?.administrator.recoveryHoldUntil ?? null;
  if (until === null) return null;
  return (
    <Alert color="yellow" role="status" title={text.title(format.dateTime(until))}>
      <Stack gap="xs">
        <Text size="sm">{text.explanation}</Text>
        <Text size="sm">{text.notYou}</Text>
      </Stack>
    </Alert>
  );
}
