import { countSignUp } from '../../table/limits/sign-up-limits.ts';
import { TooManyRequestsError } from '../errors.ts';
import type { Metrics, Services } from '../services.ts';
import { HOUR, SECOND, toTtl } from '../time.ts';
import { networkOf } from './network-of.ts';

/** The maximum numbers of sign-ups in an hour. */
export interface SignUpLimits {
  /** The maximum for each network: IPv4 /24 or IPv6 /48. */
  readonly network: number;
  /** The maximum for each domain of e-mail addresses. */
  readonly domain: number;
}
export const SIGN_UP_LIMITS: SignUpLimits = { network: 10, domain: 100 };

export interface LimitedSignUpServices extends Services {
  readonly metrics: Metrics;
  /** @default - sign-ups are not limited; only the local service and tests leave the limits out */
  readonly signUpLimits?: SignUpLimits | undefined;
}

/**
 * Counts a sign-up toward the limits of the caller's network and of the e-mail domain, in the current hour. An hour
 * starts when the clock shows a full hour in UTC. Throws `TooManyRequestsError` when a limit is reached; the sign-up
 * then counts toward neither limit. The outcome does not depend on whether an administrator has the address, so the
 * response does not reveal whether the address is known.
 */
export async function limitSignUps(
  { table, clock, metrics, signUpLimits }: LimitedSignUpServices,
  { callerAddress, email }: { readonly callerAddress: string; readonly email: string },
): Promise<void> {
  if (!signUpLimits) return;
  const now = clock.now();
  const hour = now - (now % HOUR);
  const counters = [
    { of: 'network', name: networkOf(callerAddress), max: signUpLimits.network },
    { of: 'domain', name: email.slice(email.lastIndexOf('@') + 1).toLowerCase(), max: signUpLimits.domain },
  ] as const;
  if (await countSignUp(table, counters, hour, toTtl(hour + HOUR))) return;
  metrics.add('RefusedSignUps', 1);
  throw new TooManyRequestsError(
    'There were too many sign-ups from your network or with your e-mail domain in this hour. Try again in the next hour.',
    Math.ceil((hour + HOUR - now) / SECOND),
  );
}
