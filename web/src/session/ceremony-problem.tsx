import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../text/language.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { isBrokenOff, isKnownAlready } from './passkeys.ts';

const texts = {
  en: {
    brokenOff: 'No passkey was used. Try again when you are ready.',
    known: 'There is a passkey of yours on this device already.',
    impossible: 'The browser cannot use a passkey here.',
  },
  ja: {
    brokenOff: 'パスキーは使用されませんでした。準備ができたらもう一度お試しください。',
    known: 'このデバイスにはすでにあなたのパスキーがあります。',
    impossible: 'このブラウザーではパスキーを使用できません。',
  },
} satisfies Texts<object>;

export interface CeremonyProblemProps {
  readonly error: unknown;
  /** What is shown when the service refused, not the browser. @default - what the service said */
  readonly children?: ReactNode;
}

/** Says why a ceremony came to nothing; nothing when it did not. */
export function CeremonyProblem({ error, children = <Failure error={error} /> }: CeremonyProblemProps) {
  const text = useText(texts);
  if (error === null || error === undefined) return null;
  if (isKnownAlready(error)) return <Alert role="alert">{text.known}</Alert>;
  if (isBrokenOff(error)) return <Alert role="alert">{text.brokenOff}</Alert>;
  // What the browser throws otherwise; what the client throws is a problem.
  if (error instanceof Error) return <Alert role="alert">{text.impossible}</Alert>;
  return children;
}
