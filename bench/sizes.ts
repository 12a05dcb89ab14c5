const standard = {
  /** Users of each scenario, with 20 operations each, and the rounds that the operations are cut into. */
  users: 200,
  rounds: 5,
  /** Customers of the long tail. 49 fill a transaction of the aggregator. */
  tailCustomers: 196,
  /** Batches of the aggregator. */
  batches: 8,
  /** Active-user records of the largest RP of the recount, of the customer to discard, and of the month to close. */
  recountRecords: 4_000,
  discardedItems: 100_000,
  closedRecords: 100_000,
  /** Customers of an alert run. */
  alertCustomers: 100_000,
  /** Requests of each kind, to compare the handler with the domain. */
  iterations: 1_000,
  importedUsers: 3_000,
  /** How many bundles are loaded, the largest first, and how often each. */
  loadedBundles: Number.POSITIVE_INFINITY,
  loads: 7,
};

/** How much a run does. */
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
