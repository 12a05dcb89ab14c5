import { choosePasskey } from './passkeys.js';
import { post } from './server.js';

/** How many seconds before its end a ceremony is renewed. */
const MARGIN = 60;
/** How many passkeys may fail before the page stops offering them. */
const MAX_FAILURES = 3;

/** The person's passkeys, as the browser offers them in the field with `autocomplete="username webauthn"`. */
export class Autofill {
  #stopped = new AbortController();

  /**
   * Offers passkeys until the person chooses one that works, or until `stop` is called. A ceremony ends after at most
   * 600 seconds, but a page may be open for hours. So the page begins a new one shortly before.
   *
   * @param {(shown: import('./server.js').Shown) => void} onSignedIn
   * @param {(error: unknown) => void} onFailure
   */
  async offer(onSignedIn, onFailure) {
    this.stop();
    const stopped = (this.#stopped = new AbortController()).signal;
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    for (let failures = 0; failures < MAX_FAILURES && !stopped.aborted;) {
      // Nobody has asked for anything yet, so a failure here shows no message. The button still works.
      const begun = await post('/api/sign-in/begin', { autofill: true }).catch(() => undefined);
      if (!begun) return;
      const renewal = abortedAfter(begun.secondsLeft - MARGIN);
      try {
        const signal = AbortSignal.any([stopped, renewal.signal]);
        const response = await choosePasskey(begun.options, { mediation: 'conditional', signal });
        const shown = await post('/api/sign-in/end', { response });
        if (!stopped.aborted) onSignedIn(shown);
        return;
      } catch (error) {
        if (stopped.aborted || renewal.signal.aborted) continue;
        failures += 1;
        // If the person cancels, the browser throws a DOMException. The person then needs no message.
        if (!(error instanceof DOMException)) onFailure(error);
      } finally {
        renewal.clear();
      }
    }
  }

  /** Stops offering passkeys. A browser runs only one ceremony of a page at a time, so another one needs this first. */
  stop() {
    this.#stopped.abort();
  }
}

/**
 * Returns a signal that is aborted after a number of seconds. Timers stop while a computer sleeps, so the signal also
 * looks at the clock when the person comes back to the page.
 *
 * @param {number} seconds
 */
function abortedAfter(seconds) {
  const controller = new AbortController();
  const endsAt = Date.now() + seconds * 1_000;
  const check = () => {
    if (Date.now() >= endsAt) controller.abort();
  };
  const timer = setTimeout(() => controller.abort(), seconds * 1_000);
  document.addEventListener('visibilitychange', check);
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', check);
    },
  };
}
