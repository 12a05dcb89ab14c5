import { Alert } from '@mantine/core';
import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { notLoaded: 'This part could not be loaded. Check your connection and load the page anew.' },
  ja: { notLoaded: 'この部分を読み込めませんでした。接続を確認し、ページを再読み込みしてください。' },
} satisfies Texts<object>;

/** Stands where a part would be that is loaded on its own, and was not: the rest of the page stays. */
export function NotLoaded() {
  return (
    <Alert color="red" role="alert">
      {useText(texts).notLoaded}
    </Alert>
  );
}
