import { Alert } from '@mantine/core';
import { useText, type Texts } from '../text/language.tsx';
import { Failure } from '../ui/failure.tsx';
import { isBrokenOff, isKnownAlready } from './passkeys.ts';

const texts = {
  en: {
    brokenOff: 'No passkey was used. Try again when you are ready.',
    known: 'There is a passkey of yours on this device already.',
  },
  ja: {
    brokenOff: 'パスキーは使用されませんでした。準備ができたらもう一度お試しください。',
    known: 'このデバイスにはすでにあなたのパスキーがあります。',
  },
} satisfies Texts<object>;

/** Says why a ceremony came to nothing; nothing when it did not. */
export function CeremonyProblem({ error }: { readonly error: unknown }) {
  const text = useText(texts);
  if (error === null || error === undefined) return null;
  if (isKnownAlready(error)) return <Alert role="alert">{text.known}</Alert>;
  if (isBrokenOff(error)) return <Alert role="alert">{text.brokenOff}</Alert>;
  return <Failure error={error} />;
}
