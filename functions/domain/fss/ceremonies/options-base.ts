import { SECOND } from '../../time.ts';
import { parameterError } from '../parse-body.ts';

/** The members that the options of both kinds of ceremonies have. */
interface OptionsBase {
  /** Milliseconds. */
  readonly timeout?: number | null | undefined;
  readonly hints?: ('security-key' | 'client-device' | 'hybrid')[] | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The shortest and the longest time that the service lets a browser take, in seconds. */
const SHORTEST = 30;
const LONGEST = 600;

/**
 * Returns the part of a native request that both kinds of ceremonies have. The time that the browser may take is a hint
 * in WebAuthn, so a time that is out of range becomes the nearest one in range. Throws `FssError` for the extensions
 * that would let a credential of U2F in.
 */
export function commonRequest({ timeout, hints, extensions }: OptionsBase) {
  const refused = ['appid', 'appidExclude'].find((name) => Object.hasOwn(extensions ?? {}, name));
  if (refused !== undefined) throw parameterError(`The service does not support the extension ${refused}.`);
  return {
    ...(timeout != null && {
      timeoutSeconds: Math.min(LONGEST, Math.max(SHORTEST, Math.ceil(timeout / SECOND))),
    }),
    ...(hints && { hints }),
  };
}
