import { Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** Returns whether the screen is too narrow for a table, so that a list shows cards instead. */
export const useShowsCards = (): boolean =>
  useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });

/** Shows cards, one below the other. Each child is an element `li`. */
export function Cards({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Stack component="ul" aria-label={name} gap="sm" w="100%" m={0} p={0} style={{ listStyle: 'none' }}>
      {children}
    </Stack>
  );
}
