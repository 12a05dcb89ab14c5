const standard = {
  /**
   * The number of users of each scenario, who have 20 operations each, and the number of rounds into which the
   * operations are split.
   */
  users: 200,
  rounds: 5,
  /** The number of customers in the measurement of the long tail. 49 customers fill a transaction of the aggregator. */
  tailCustomers: 196,
  /** The number of batches that the aggregator counts. */
  batches: 8,
  /**
   * The numbers of active-user records of the largest RP of the recount, of the customer to discard, and of the month
   * to close.
   */
  recountRecords: 4_000,
  discardedItems: 100_000,
  closedRecords: 100_000,
  /** The number of customers of an alert run. */
  alertCustomers: 100_000,
  /** The number of requests of each kind that compare the handler with the domain. */
  iterations: 1_000,
  importedUsers: 3_000,
  /** How many bundles are loaded, the largest first, and how often each. */
  loadedBundles: Number.POSITIVE_INFINITY,
  loads: 7,
};

/** The amounts of work of a run. */
export type Size = Readonly<typeof standard>;

/**
 * Every size measures the same units, except for the key check: a shorter run spreads it over fewer operations. Writing the
 * million records of the full size takes longer than everything else.
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
