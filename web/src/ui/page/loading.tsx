import { Skeleton, Stack } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';

const texts = { en: { loading: 'Loading' }, ja: { loading: '読み込み中' } } satisfies Texts<object>;

/** Shows a placeholder while data is being read from the service. */
export function Loading() {
  const text = useText(texts);
  return (
    <Stack gap="xs" role="status" aria-busy aria-label={text.loading}>
      <Skeleton height="1em" width="60%" />
      <Skeleton height="1em" width="40%" />
      <Skeleton height="1em" width="50%" />
    </Stack>
  );
}
