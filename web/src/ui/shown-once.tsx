import { Alert, Button, Group, Stack } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { done: 'Done' },
  ja: { done: '完了' },
} satisfies Texts<object>;

export interface ShownOnceProps {
  readonly title: string;
  readonly warning: string;
  readonly onDone: () => void;
  /** The secret. */
  readonly children: ReactNode;
}

/**
 * Shows a secret that the service shows only once. The browser asks for confirmation before the person leaves the page,
 * because the secret would be lost.
 */
export function ShownOnce({ title, warning, onDone, children }: ShownOnceProps) {
  const text = useText(texts);
  useWindowEvent('beforeunload', (event) => {
    event.preventDefault();
  });
  return (
    <Stack gap="md">
      <Alert color="yellow" title={title}>
        {warning}
      </Alert>
      {children}
      <Group justify="flex-end">
        <Button onClick={onDone}>{text.done}</Button>
      </Group>
    </Stack>
  );
}
