import { Alert, Button } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { reload } from './reload.ts';

const texts = {
  en: {
    notLoaded: 'This part could not be loaded. Check your connection and load the page anew.',
    reload: 'Load the page anew',
  },
  ja: {
    notLoaded: 'この部分を読み込めませんでした。接続を確認し、ページを再読み込みしてください。',
    reload: 'ページを再読み込み',
  },
} satisfies Texts<object>;

/** Stands where a part would be that is loaded on its own, and was not: the rest of the page stays. */
export function NotLoaded() {
  const text = useText(texts);
  return (
    <Alert color="red" role="alert" title={text.notLoaded}>
      {/* A browser remembers of a script that it could not be loaded. */}
      <Button size="xs" variant="default" onClick={reload}>
        {text.reload}
      </Button>
    </Alert>
  );
}
