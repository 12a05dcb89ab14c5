/** How a request at the end of a ceremony came in. */
export interface EndingRequest {
  /** The header `Idempotency-Key`. @default - the request cannot be repeated */
  readonly idempotencyKey: string | undefined;
  /** The time at which the service received the request, in epoch milliseconds. */
  readonly receivedAt: number;
}
