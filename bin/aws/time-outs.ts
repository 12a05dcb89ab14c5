/** How long to wait for a connection to AWS, in milliseconds. */
const CONNECTION_TIMEOUT = 5_000;

/**
 * How long to wait for the result of a Lambda function that one of the commands invokes, in milliseconds: longer than
 * any function may run.
 */
export const INVOCATION_TIMEOUT = 16 * 60 * 1_000;

/**
 * Returns the settings with which a client of AWS gives up if it gets no connection in 5 seconds, or no answer in
 * `requestTimeout` milliseconds.
 */
export const timeOuts = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: CONNECTION_TIMEOUT, requestTimeout, throwOnRequestTimeout: true },
});
