/**
 * The time, in milliseconds, that must remain for the response when Lambda is about to stop a function: a handler stops
 * work that would leave less time.
 */
export const TO_ANSWER = 100;

/**
 * Why a table call ends with the response. One error for all requests, because an error costs as much as a small call.
 */
export const ANSWERED = new Error('The request was answered.');
