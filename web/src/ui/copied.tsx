import { Button, Code, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useId } from 'react';
import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: {
    copied: 'Copied',
    notCopied: 'The browser could not copy the text. Select it and copy it yourself.',
  },
  ja: {
    copied: 'コピーしました',
    notCopied: 'コピーできませんでした。文字列を選択してコピーしてください。',
  },
} satisfies Texts<object>;

export interface CopiedProps {
  readonly label: string;
  readonly value: string;
  /** The label of the button that copies the text. */
  readonly copy: string;
  readonly autoFocus?: boolean;
  /** Whether lines that are too long scroll sideways instead of being broken. @default false */
  readonly scrolls?: boolean;
}

/** Shows a text and a button that copies the text. */
export function Copied({ label, value, copy: copyLabel, autoFocus = false, scrolls = false }: CopiedProps) {
  const text = useText(texts);
  const id = useId();
  const clipboard = useClipboard({ timeout: 3_000 });
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500} id={id}>
        {label}
      </Text>
      <Code
        block
        tabIndex={0}
        role="group"
        aria-labelledby={id}
        style={scrolls ? { overflowX: 'auto' } : { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {value}
      </Code>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          clipboard.copy(value);
        }}
        autoFocus={autoFocus}
        style={{ alignSelf: 'flex-start' }}
      >
        <span aria-live="polite">{clipboard.copied ? text.copied : copyLabel}</span>
      </Button>
      {clipboard.error && (
        <Text size="sm" role="alert">
          {text.notCopied}
        </Text>
      )}
    </Stack>
  );
}
