import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../text/language.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { isBrokenOff, isKnownAlready } from './passkeys.ts';

const texts = {
  en: {
    brokenOff: 'No passkey was used. Try again when you are ready.',
    known: 'This device already has one of your passkeys.',
    impossible: 'This browser cannot use a passkey here.',
  },
  ja: {
    brokenOff: 'パスキーは使用されませんでした。準備ができたらもう一度お試しください。',
    known: 'このデバイスにはすでにパスキーが登録されています。',
    impossible: 'このブラウザーではパスキーを使用できません。',
  },
} satisfies Texts<object>;

export interface CeremonyProblemProps {
  readonly error: unknown;
  /**
   * The content that is shown if the service, not the browser, refused the passkey.
   * @default - the problem in the service's response
   */
  readonly children?: ReactNode;
}

/** Shows why a WebAuthn ceremony failed, or nothing if there is no error. */
export function CeremonyProblem({ error, children = <Failure error={error} /> }: CeremonyProblemProps) {
  const text = useText(texts);
  if (error === null || error === undefined) return null;
  if (isKnownAlready(error)) return <Alert role="alert">{text.known}</Alert>;
  if (isBrokenOff(error)) return <Alert role="alert">{text.brokenOff}</Alert>;
  // Every remaining instance of `Error` comes from the browser, because an error from the service is a problem and not
  // an instance of `Error`.
  if (error instanceof Error) return <Alert role="alert">{text.impossible}</Alert>;
  return children;
}
