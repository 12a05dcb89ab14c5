import { Group, Paper, Stack, Title } from '@mantine/core';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Boundary } from './page/boundary.tsx';
import { Failure } from './page/failure.tsx';
import { Loading } from './page/loading.tsx';

export interface BlockProps<T> {
  readonly title: string;
  /** What the block shows: it loads and fails by itself. */
  readonly query: Pick<UseQueryResult<T, unknown>, 'data' | 'dataUpdatedAt' | 'error' | 'isError' | 'refetch'>;
  /** What stands at the right of the title, once there is something to show. */
  readonly action?: (data: T) => ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A part of a screen with a title of its own, which loads, fails with Retry, and is shown by itself. */
export function Block<T>({ title, query, action, children }: BlockProps<T>) {
  const id = useId();
  const { data, dataUpdatedAt, error, isError, refetch } = query;
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  /** Whether Retry was pressed here: other blocks may show the same query. */
  const isRetried = useRef(false);
  useEffect(() => {
    // Retry is gone, and with it the focus of who pressed it.
    if (!isError && isRetried.current && document.activeElement === document.body) heading.current?.focus();
    if (!isError) isRetried.current = false;
  }, [isError, dataUpdatedAt]);
  const retry = () => {
    isRetried.current = true;
    return refetch();
  };
  /** The same, also of what only a part of the block reads: that may be what could not be shown. */
  const retryAll = () => {
    queryClient.removeQueries({ type: 'inactive' });
    return retry();
  };
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="lg">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h4" id={id} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
            {title}
          </Title>
          {data !== undefined && action && (
            <Boundary of={dataUpdatedAt} fallback={null}>
              <Part data={data} render={action} />
            </Boundary>
          )}
        </Group>
        {isError && <Failure error={error} onRetry={retry} />}
        {data !== undefined && (
          <Boundary of={dataUpdatedAt} fallback={!isError && <Failure error={null} onRetry={retryAll} />}>
            <Part data={data} render={children} />
          </Boundary>
        )}
        {data === undefined && !isError && <Loading />}
      </Stack>
    </Paper>
  );
}

interface PartProps<T> {
  readonly data: T;
  readonly render: (data: T) => ReactNode;
}

/** Rendered by itself: only then what it throws is its boundary's. */
function Part<T>({ data, render }: PartProps<T>) {
  return render(data);
}
