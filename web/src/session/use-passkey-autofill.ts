import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { choosePasskey, signIn, signsIn } from './passkeys.ts';

/** A WebAuthn challenge works for 5 minutes, so this hook requests a new challenge for the autofill after 4 minutes. */
const OFFERED_ANEW_AFTER = 4 * 60_000;
const LOOKED_AT_EVERY = 30_000;

export interface PasskeyAutofillOptions {
  /**
   * Whether this hook may offer passkeys. False while another WebAuthn ceremony runs, because an offer in the autofill
   * would cancel the running ceremony.
   */
  readonly isOffered: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Offers the passkeys of this device in the autofill of the page's e-mail field while the page is visible. Returns the
 * error of the last sign-in with a passkey from the autofill, or null. After an error, this hook waits for at least
 * 4 minutes before it offers passkeys again. Without this wait, an authenticator that chooses a passkey without asking
 * the person would cause an endless loop.
 */
export function usePasskeyAutofill({ isOffered, onSignedIn }: PasskeyAutofillOptions): unknown {
  const chosen = useMutation({ ...signsIn, mutationFn: signIn, onSuccess: onSignedIn });
  const hasFailed = useEffectEvent(() => chosen.isError);
  const offer = useEffectEvent(async (withdrawn: AbortSignal) => {
    if (!(await browserSupportsWebAuthnAutofill()) || withdrawn.aborted) return;
    // If an offer of passkeys ends before the person chooses a passkey, the page shows no error, because this hook
    // makes a new offer.
    const credential = await choosePasskey({ offer: true, signal: withdrawn }).catch(() => undefined);
    if (credential) chosen.mutate(credential);
  });
  // After the person has chosen a passkey, this hook offers passkeys again only if the service refuses the chosen
  // passkey.
  const isOffering = isOffered && !chosen.isPending && !chosen.isSuccess;
  useEffect(() => {
    if (!isOffering) return undefined;
    const withdrawn = new AbortController();
    let offeredAt = hasFailed() ? Date.now() : -Infinity;
    // A hidden tab keeps its offer of passkeys, because the system's fingerprint dialog may have hidden the tab. A
    // hidden tab does not renew its offer of passkeys.
    const offerIfDue = () => {
      if (document.visibilityState !== 'visible' || Date.now() - offeredAt < OFFERED_ANEW_AFTER) return;
      offeredAt = Date.now();
      void offer(withdrawn.signal);
    };
    offerIfDue();
    const timer = setInterval(offerIfDue, LOOKED_AT_EVERY);
    document.addEventListener('visibilitychange', offerIfDue);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', offerIfDue);
      withdrawn.abort();
      WebAuthnAbortService.cancelCeremony();
    };
  }, [isOffering]);
  return chosen.error;
}
