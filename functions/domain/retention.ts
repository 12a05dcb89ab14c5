/** An active-user record, and each decision that depends on it, is kept for this many months after its own month. */
export const MONTHS_KEPT = 13;
