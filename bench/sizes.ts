const standard = {
  /** The number of users for each combination of a design and a cache hit rate. Each user has 20 operations. */
  users: 200,
  /** The number of rounds into which the operations are split. */
  rounds: 5,
  /** The number of users who sign in with each design of sign-ins. Each user has 20 sign-ins. */
  signInUsers: 10,
  /** The number of rounds that measure the CPU of the handlers of a sign-in. Each round has 20 sign-ins. */
  handlerRounds: 60,
  /** The sign-ins over HTTP for each number of callers in a round, and the rounds. */
  httpSignIns: { signIns: 150, rounds: 3 },
  /**
   * The number of customers in the measurement of the long tail, where each customer has one RP with one new user in a
   * batch. The number is a multiple of 49, because one transaction of the aggregator, the Lambda function that counts
   * new active users, counts the new users of at most 49 of these customers.
   */
  tailCustomers: 196,
  /** The number of batches that the aggregator counts in a measurement. */
  batches: 8,
  /** The number of active-user records that the largest RP has in the measurement of the recount. */
  recountRecords: 4_000,
  /** The number of active-user records of the customer whose data is discarded. */
  discardedItems: 100_000,
  /** The number of active-user records in the month that is closed. */
  closedRecords: 100_000,
  /** The number of customers that an alert run checks. */
  alertCustomers: 100_000,
  /** The number of customers that the operator lists. */
  operatorCustomers: 10_000,
  /** The number of times that each kind of request is measured to compare the handler with the domain function. */
  iterations: 1_000,
  importedUsers: 3_000,
  /** The number of bundles that are loaded, the largest first. */
  loadedBundles: Number.POSITIVE_INFINITY,
  /** The number of times that each of these bundles is loaded. */
  loads: 7,
  /** The callers beside whom the soak measures a customer. */
  soak: { callers: 10, requestsPerSecond: 3, seconds: 120 },
};

/** The amount of work that one run of the benchmark does. */
export type Size = Readonly<typeof standard>;

/**
 * The measured capacity units do not depend on the size, except for the API key check: in a smaller run, fewer
 * operations share the units of an API key check. In the size `full`, writing a million active-user records takes
 * longer than all other work.
 */
export const sizes = {
  default: standard,
  full: { ...standard, closedRecords: 1_000_000 },
  small: {
    users: 40,
    rounds: 2,
    signInUsers: 2,
    handlerRounds: 8,
    httpSignIns: { signIns: 40, rounds: 1 },
    tailCustomers: 49,
    batches: 2,
    recountRecords: 1_500,
    discardedItems: 5_000,
    closedRecords: 10_000,
    alertCustomers: 2_000,
    operatorCustomers: 1_500,
    iterations: 200,
    importedUsers: 1_000,
    loadedBundles: 3,
    loads: 1,
    soak: { callers: 10, requestsPerSecond: 3, seconds: 20 },
  },
} satisfies Record<string, Size>;
