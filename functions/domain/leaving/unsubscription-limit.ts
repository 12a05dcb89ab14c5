import type { Customer, RequestsOfDay } from '../../table/customers/customers.ts';
import { TooManyRequestsError } from '../errors.ts';
import { DAY, SECOND } from '../time.ts';

/**
 * The maximum number of requests to unsubscribe a customer in 24 hours, including cancelled ones. Each request and each
 * cancellation sends an e-mail to all privileged administrators, and these e-mails are never combined. Without this
 * limit, a customer could cause so many e-mails that the notices of other customers would wait for hours.
 */
export const REQUESTS_A_DAY = 5;

/**
 * Returns the number of requests in the current window, including a request at the time `now`. Throws
 * `TooManyRequestsError` when the window already has 5 requests.
 */
export function countRequest({ unsubscriptionsOfDay: read }: Customer, now: number): RequestsOfDay {
  // A window in the future is possible only in the local service, whose clock can be set back.
  const isCurrent = read !== undefined && read.startedAt <= now && now < read.startedAt + DAY;
  if (!isCurrent) return { startedAt: now, requests: 1 };
  if (read.requests >= REQUESTS_A_DAY) {
    throw new TooManyRequestsError(
      `A customer can be unsubscribed at most ${REQUESTS_A_DAY} times in 24 hours.`,
      Math.ceil((read.startedAt + DAY - now) / SECOND),
    );
  }
  return { startedAt: read.startedAt, requests: read.requests + 1 };
}
