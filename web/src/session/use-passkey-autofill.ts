import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { choosePasskey, signIn, signsIn } from './passkeys.ts';

/** A challenge works for 5 minutes, so the one behind the autofill is renewed after 4 minutes. */
const OFFERED_ANEW_AFTER = 4 * 60_000;
const LOOKED_AT_EVERY = 30_000;

export interface PasskeyAutofillOptions {
  /** False while another ceremony runs, which an offer would cancel. */
  readonly isOffered: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Offers the passkeys of this device in the autofill of the page's e-mail field while the page is visible. Returns the
 * error of the last passkey that was chosen there, or null. After an error, it waits before it offers passkeys again:
 * an authenticator that chooses by itself would loop for ever.
 */
export function usePasskeyAutofill({ isOffered, onSignedIn }: PasskeyAutofillOptions): unknown {
  const chosen = useMutation({ ...signsIn, mutationFn: signIn, onSuccess: onSignedIn });
  const hasFailed = useEffectEvent(() => chosen.isError);
  const offer = useEffectEvent(async (withdrawn: AbortSignal) => {
    if (!(await browserSupportsWebAuthnAutofill()) || withdrawn.aborted) return;
    // If an offer ends unused, whatever the reason, the person need not know. A new offer replaces it.
    const credential = await choosePasskey({ offer: true, signal: withdrawn }).catch(() => undefined);
    if (credential) chosen.mutate(credential);
  });
  // Once a passkey is chosen, no more are offered until the service refuses it.
  const isOffering = isOffered && !chosen.isPending && !chosen.isSuccess;
  useEffect(() => {
    if (!isOffering) return undefined;
    const withdrawn = new AbortController();
    let offeredAt = hasFailed() ? Date.now() : -Infinity;
    // A hidden tab keeps its offer, because the system's fingerprint dialog may hide it. But it does not renew the
    // offer.
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
