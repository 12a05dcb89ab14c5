const standard = {
  /**
   * The number of users in each scenario, with 20 operations for each user, and the number of rounds into which the
   * operations are split.
   */
  users: 200,
  rounds: 5,
  /** The number of customers in the measurement of the long tail. 49 customers fill a transaction of the aggregator. */
  tailCustomers: 196,
  /** The number of batches that the aggregator counts in a measurement. */
  batches: 8,
  /**
   * The numbers of active-user records: of the largest RP in the recount, of the discarded customer, and of the closed
   * month.
   */
  recountRecords: 4_000,
  discardedItems: 100_000,
  closedRecords: 100_000,
  /** The number of customers of an alert run. */
  alertCustomers: 100_000,
  /** For each kind of request, the number of requests that compare the handler with the domain function. */
  iterations: 1_000,
  importedUsers: 3_000,
  /** How many bundles are loaded, the largest first, and how often each bundle is loaded. */
  loadedBundles: Number.POSITIVE_INFINITY,
  loads: 7,
};

/** The amounts of work of a run. */
export type Size = Readonly<typeof standard>;

/**
 * Every size measures the same units, except for the key check: in a shorter run, fewer operations share the units of a
 * key check. Writing the million records of the full size takes longer than all other work.
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
