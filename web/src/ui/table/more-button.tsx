import { Group } from '@mantine/core';
import { ActionButton } from '../action-button.tsx';

export interface MoreButtonProps {
  /** The query that reads a list page by page. */
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly label: string;
}

/** Shows a button that reads the next page of a list. Shows nothing if the last page has been read. */
export function MoreButton({ query, label }: MoreButtonProps) {
  if (!query.hasNextPage) return null;
  return (
    <Group>
      <ActionButton
        size="xs"
        variant="default"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {label}
      </ActionButton>
    </Group>
  );
}
