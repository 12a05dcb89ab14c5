/**
 * The throttle of the whole API, in requests: the largest burst, and the rate per second. `lib/constructs/http-api.ts`
 * sets it, and the preflight compares the account's quota of concurrent executions with it.
 */
export const apiThrottle = { burstLimit: 500, rateLimit: 1_000 } as const;

/**
 * The number of concurrent executions that the API's throttle needs. A burst of requests may use half of the account's
 * concurrent executions, so that the other half is left for the functions that count users and send e-mails.
 */
export const neededConcurrency = 2 * apiThrottle.burstLimit;
