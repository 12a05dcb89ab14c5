import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { choosePasskey, signIn, signsIn } from './passkeys.ts';

/** Challenges work for 5 minutes; the one behind the autofill is renewed before. */
const OFFERED_ANEW_AFTER = 4 * 60_000;
const LOOKED_AT_EVERY = 30_000;

export interface PasskeyAutofillOptions {
  /** False while another ceremony goes on, which the offer would end. */
  readonly isOffered: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Offers the passkeys of this device in the autofill of the page's e-mail field, while somebody may look at it. Gives what went
 * wrong with the last one that was chosen there; null when nothing did. After that they are not offered at once: what chooses
 * by itself would go on for ever.
 */
export function usePasskeyAutofill({ isOffered, onSignedIn }: PasskeyAutofillOptions): unknown {
  const chosen = useMutation({ ...signsIn, mutationFn: signIn, onSuccess: onSignedIn });
  const hasFailed = useEffectEvent(() => chosen.isError);
  const offer = useEffectEvent(async (withdrawn: AbortSignal) => {
    if (!(await browserSupportsWebAuthnAutofill()) || withdrawn.aborted) return;
    // An offer that nobody took, for whatever reason, is no problem of theirs: another takes its place.
    const credential = await choosePasskey({ offer: true, signal: withdrawn }).catch(() => undefined);
    if (credential) chosen.mutate(credential);
  });
  // What was chosen is with the service now: until that answers, and once it signed in, nothing else is chosen.
  const isOffering = isOffered && !chosen.isPending && !chosen.isSuccess;
  useEffect(() => {
    if (!isOffering) return undefined;
    const withdrawn = new AbortController();
    let offeredAt = hasFailed() ? Date.now() : -Infinity;
    // A tab that is hidden keeps its offer, as what asks for the finger may hide it, but asks for no other one.
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
