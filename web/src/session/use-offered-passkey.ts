import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { isSignedOut } from '../api/problem.ts';
import { signInWithPasskey } from './passkeys.ts';

/** Challenges work for 5 minutes; the one behind the autofill is renewed before. */
const OFFERED_ANEW_EVERY = 4 * 60_000;

export interface OfferedPasskeyOptions {
  /** False while another ceremony goes on, which the offer would end. */
  readonly isOffered: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/**
 * Offers the passkeys of this device in the autofill of the page's e-mail field. Gives why the service refused the last one
 * that was chosen there; null when none was. After that they are not offered at once: what chooses by itself would go on for ever.
 */
export function useOfferedPasskey({ isOffered, onSignedIn }: OfferedPasskeyOptions): unknown {
  const [refused, setRefused] = useState<unknown>(null);
  const offered = useMutation({
    mutationFn: signInWithPasskey,
    onSuccess: onSignedIn,
    // All else is an offer that nobody took: another takes its place.
    onError: (error) => {
      if (isSignedOut(error)) setRefused(error);
    },
  });
  const offer = useEffectEvent((signal: AbortSignal) => {
    offered.mutate({ offer: true, signal });
  });
  useEffect(() => {
    if (!isOffered) return undefined;
    const withdrawn = new AbortController();
    const offerIfSupported = async () => {
      if ((await browserSupportsWebAuthnAutofill()) && !withdrawn.signal.aborted) offer(withdrawn.signal);
    };
    void offerIfSupported();
    const timer = setInterval(() => void offerIfSupported(), OFFERED_ANEW_EVERY);
    return () => {
      clearInterval(timer);
      withdrawn.abort();
      WebAuthnAbortService.cancelCeremony();
    };
  }, [isOffered]);
  return refused;
}
