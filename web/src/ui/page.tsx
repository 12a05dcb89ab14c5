import { Group, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';

export interface PageProps {
  readonly title: string;
  /** What stands at the right of the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page behind sign-in. Its title is where the focus goes, so that a screen reader says that the page is another one. */
export function Page({ title, action, children }: PageProps) {
  useDocumentTitle(`${title} – FIDO2 Server Service`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
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
