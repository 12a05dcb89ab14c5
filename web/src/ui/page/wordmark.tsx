import { Text, type TextProps } from '@mantine/core';

/** Shows the name of the service as a logo of type: the standard in the accent colour, the rest in plain text. */
export function Wordmark(props: TextProps) {
  return (
    <Text fw={500} {...props}>
      <Text span inherit fw={800} c="var(--mantine-color-anchor)">
        FIDO2
      </Text>{' '}
      Server Service
    </Text>
  );
}
