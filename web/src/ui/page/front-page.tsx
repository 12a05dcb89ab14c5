import { Box, Center, Group, Paper, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Preferences } from './preferences.tsx';
import { useTitleFocus } from './use-title-focus.ts';
import { Wordmark } from './wordmark.tsx';

export interface FrontPageProps {
  readonly title: string;
  /** The mark beside the name of the service, which tells these pages apart from others. @default - no mark */
  readonly mark?: ReactNode;
  readonly children: ReactNode;
}

/** Shows a page that needs no session: sign-up, sign-in, and the pages that e-mailed links open. */
export function FrontPage({ title, mark, children }: FrontPageProps) {
  const heading = useTitleFocus();
  useDocumentTitle(`${title} – FIDO2 Server Service`);
  return (
    <Box mih="100vh" p="md">
      <Group component="header" justify="space-between">
        <Group gap="sm">
          <Wordmark />
          {mark}
        </Group>
        <Preferences />
      </Group>
      <Center component="main" mt="xl">
        <Paper withBorder p="xl" w="100%" maw={460}>
          <Stack gap="md">
            <Title order={1} size="h3" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
      </Center>
    </Box>
  );
}
