import { Box, Center, Group, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Preferences } from './preferences.tsx';
import { SiteMark, useTabTitle } from './site.tsx';
import { useTitleFocus } from './use-title-focus.ts';
import { Wordmark } from './wordmark.tsx';

/** Shows a page that needs no session: sign-up, sign-in, and the pages that e-mailed links open. */
export function FrontPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useTitleFocus();
  useTabTitle(title);
  return (
    <Box mih="100vh" p="md">
      <Group component="header" justify="space-between">
        <Group gap="sm">
          <Wordmark />
          <SiteMark />
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
