import { Alert, Button } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { reload } from './reload.ts';

const texts = {
  en: {
    notLoaded: 'This part could not be loaded. Check your connection and reload the page.',
    reload: 'Reload the page',
  },
  ja: {
    notLoaded: 'この部分を読み込めませんでした。接続を確認し、ページを再読み込みしてください。',
    reload: 'ページを再読み込み',
  },
} satisfies Texts<object>;

/** Shows an alert in place of a part of the page whose code could not be loaded. The rest of the page stays visible. */
export function NotLoaded() {
  const text = useText(texts);
  return (
    <Alert color="red" role="alert" title={text.notLoaded}>
      {/* Only a reload of the page helps, because browsers remember that a script failed to load. */}
      <Button size="xs" variant="default" onClick={reload}>
        {text.reload}
      </Button>
    </Alert>
  );
}
