const standard = {
  /**
   * The number of users in each scenario, with 20 operations for each user, and the number of rounds into which the
   * operations are split.
   */
  users: 200,
  rounds: 5,
  /**
   * The number of customers in the measurement of the long tail. One transaction of the aggregator counts new users of
   * at most 49 such customers.
   */
  tailCustomers: 196,
  /** The number of batches that the aggregator counts in a measurement. */
  batches: 8,
  /**
   * The number of active-user records of the largest RP in the recount, of the customer whose data is discarded, and of
   * the month that is closed.
   */
  recountRecords: 4_000,
  discardedItems: 100_000,
  closedRecords: 100_000,
  /** The number of customers of an alert run. */
  alertCustomers: 100_000,
  /** How often each kind of request is measured to compare the handler with the domain function. */
  iterations: 1_000,
  importedUsers: 3_000,
  /** How many bundles are loaded, the largest first, and how often each bundle is loaded. */
  loadedBundles: Number.POSITIVE_INFINITY,
  loads: 7,
};

/** How much work a run of the benchmark does. */
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
    tailCustomers: 49,
    batches: 2,
    recountRecords: 1_500,
    discardedItems: 5_000,
    closedRecords: 10_000,
    alertCustomers: 2_000,
    iterations: 200,
    importedUsers: 1_000,
    loadedBundles: 3,
    loads: 1,
  },
} satisfies Record<string, Size>;
