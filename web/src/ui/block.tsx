import { Group, Paper, Stack, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Failure } from './failure.tsx';
import { Loading } from './loading.tsx';

export interface BlockProps<T> {
  readonly title: string;
  /** What the block shows: it loads and fails by itself. */
  readonly query: Pick<UseQueryResult<T, unknown>, 'data' | 'error' | 'isError' | 'refetch'>;
  /** What stands at the right of the title, once there is something to show. */
  readonly action?: (data: T) => ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A part of a screen with a title of its own, which loads, fails with Retry, and is shown by itself. */
export function Block<T>({ title, query, action, children }: BlockProps<T>) {
  const id = useId();
  const { data, error, isError, refetch } = query;
  const heading = useRef<HTMLHeadingElement>(null);
  /** Whether Retry was pressed here: other blocks may show the same query. */
  const isRetried = useRef(false);
  useEffect(() => {
    // Retry is gone, and with it the focus of who pressed it.
    if (!isError && isRetried.current && document.activeElement === document.body) heading.current?.focus();
    if (!isError) isRetried.current = false;
  }, [isError]);
  const retry = () => {
    isRetried.current = true;
    return refetch();
  };
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="lg">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h4" id={id} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
            {title}
          </Title>
          {data !== undefined && action?.(data)}
        </Group>
        {isError && <Failure error={error} onRetry={retry} />}
        {data !== undefined && children(data)}
        {data === undefined && !isError && <Loading />}
      </Stack>
    </Paper>
  );
}
