import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { choosePasskey, signIn, signsIn } from './passkeys.ts';

/** A challenge works for 5 minutes, so the autofill gets a new challenge after 4 minutes. */
const OFFERED_ANEW_AFTER = 4 * 60_000;
const LOOKED_AT_EVERY = 30_000;

export interface PasskeyAutofillOptions {
  /** False while another ceremony runs, because an offer in the autofill would cancel that ceremony. */
  readonly isOffered: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Offers the passkeys of this device in the autofill of the page's e-mail field while the page is visible. Returns the
 * error of the last passkey that was chosen in the autofill, or null. After an error, this hook waits before it offers
 * passkeys again. Otherwise, an authenticator that chooses without asking the person would cause an endless loop.
 */
export function usePasskeyAutofill({ isOffered, onSignedIn }: PasskeyAutofillOptions): unknown {
  const chosen = useMutation({ ...signsIn, mutationFn: signIn, onSuccess: onSignedIn });
  const hasFailed = useEffectEvent(() => chosen.isError);
  const offer = useEffectEvent(async (withdrawn: AbortSignal) => {
    if (!(await browserSupportsWebAuthnAutofill()) || withdrawn.aborted) return;
    // If an offer ends before the person chooses a passkey, the page shows no error, because a new offer follows.
    const credential = await choosePasskey({ offer: true, signal: withdrawn }).catch(() => undefined);
    if (credential) chosen.mutate(credential);
  });
  // After the person has chosen a passkey, no other offer follows unless the service refuses the passkey.
  const isOffering = isOffered && !chosen.isPending && !chosen.isSuccess;
  useEffect(() => {
    if (!isOffering) return undefined;
    const withdrawn = new AbortController();
    let offeredAt = hasFailed() ? Date.now() : -Infinity;
    // A hidden tab keeps its offer, because the system's fingerprint dialog may have hidden the tab. A hidden tab does
    // not renew its offer.
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
