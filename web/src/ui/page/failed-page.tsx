import { useText, type Texts } from '../../text/language.tsx';
import { Failure, type FailureProps } from './failure.tsx';
import { FrontPage } from './front-page.tsx';

const texts = {
  en: { failed: 'The console could not be opened' },
  ja: { failed: 'コンソールを開けませんでした' },
} satisfies Texts<object>;

/** Shows an error instead of the console when the console cannot be opened. */
export function FailedPage({ error, onRetry }: Required<Pick<FailureProps, 'error' | 'onRetry'>>) {
  const text = useText(texts);
  return (
    <FrontPage title={text.failed}>
      <Failure error={error} onRetry={onRetry} />
    </FrontPage>
  );
}
