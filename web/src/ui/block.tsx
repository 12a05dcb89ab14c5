import { Group, Paper, Stack, Title } from '@mantine/core';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Boundary } from './page/boundary.tsx';
import { Failure } from './page/failure.tsx';
import { Loading } from './page/loading.tsx';

export interface BlockProps<T> {
  readonly title: string;
  /**
   * The name of the block in URLs. A page that is opened with this name behind the `#` scrolls to the block.
   * @default - no URL leads to the block
   */
  readonly anchor?: string | undefined;
  /** The query whose data the block shows. */
  readonly query: Pick<UseQueryResult<T, unknown>, 'data' | 'dataUpdatedAt' | 'error' | 'isError' | 'refetch'>;
  /** The content that is shown to the right of the title after the data is loaded. */
  readonly action?: (data: T) => ReactNode;
  readonly children: (data: T) => ReactNode;
}

/**
 * Shows a part of a screen with its own title. The block loads and fails independently of other blocks, and offers
 * Retry after a failure.
 */
export function Block<T>({ title, anchor, query, action, children }: BlockProps<T>) {
  const id = useId();
  const { data, dataUpdatedAt, error, isError, refetch } = query;
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  /** Whether the person pressed Retry in this block, not in another block that shows the same query. */
  const isRetried = useRef(false);
  useEffect(() => {
    // The Retry button had the focus and has disappeared, so the title gets the focus.
    if (!isError && isRetried.current && document.activeElement === document.body) heading.current?.focus();
    if (!isError) isRetried.current = false;
  }, [isError, dataUpdatedAt]);
  const section = useRef<HTMLElement>(null);
  const isLoaded = data !== undefined;
  useEffect(() => {
    // The browser itself looks for the name before the block exists. The heading gets the focus, so that a screen
    // reader begins here too.
    if (!isLoaded || anchor === undefined || location.hash !== `#${anchor}`) return;
    heading.current?.focus({ preventScroll: true });
    section.current?.scrollIntoView();
  }, [anchor, isLoaded]);
  const retry = () => {
    isRetried.current = true;
    return refetch();
  };
  /**
   * Reads the block's query again. Before that, drops the cached results of queries that no mounted component uses, and
   * reads all others again: any of these results may be the reason why the content of the block could not be shown.
   */
  const retryAll = async () => {
    queryClient.removeQueries({ type: 'inactive' });
    await queryClient.refetchQueries({ type: 'active' });
    return retry();
  };
  return (
    <Paper
      component="section"
      ref={section}
      id={anchor}
      aria-labelledby={id}
      withBorder
      p="lg"
      style={{ scrollMarginTop: 72 }}
    >
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

/** Calls `render` inside the block's boundary, so that the boundary catches the errors that `render` throws. */
function Part<T>({ data, render }: PartProps<T>) {
  return render(data);
}
