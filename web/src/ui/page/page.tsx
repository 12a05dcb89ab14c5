import { Group, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTabTitle } from './site.tsx';
import { useTitleFocus } from './use-title-focus.ts';

export interface PageProps {
  readonly title: string;
  /** The name of the part of the page that is shown, for the title of the browser's tab. @default - no part */
  readonly part?: string;
  /** The content to the right of the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Shows a page that requires a session. */
export function Page({ title, part, action, children }: PageProps) {
  useTabTitle(`${part ? `${part} – ` : ''}${title}`);
  const heading = useTitleFocus();
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
