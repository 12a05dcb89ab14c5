/** How much a run does. The figures in units are the same for each size but for the key check, which shorter runs spread less. */
export interface Size {
  readonly name: 'default' | 'small' | 'full';
  /** Users of each scenario, each with 20 operations, and the rounds that these are cut into. */
  readonly users: number;
  readonly rounds: number;
  /** Customers of the long tail. 49 fill a transaction of the aggregator. */
  readonly tailCustomers: number;
  /** Batches that the aggregator is measured with. */
  readonly batches: number;
  /** Active-user records of the largest RP of the recount. */
  readonly recountRecords: number;
  /** Customers whom an alert run goes through. */
  readonly alertCustomers: number;
  /** Items of the customer that is discarded. */
  readonly discardedItems: number;
  /** Active-user records of the month that is closed. */
  readonly closedRecords: number;
  /** Requests of each kind that handler and domain are compared with. */
  readonly iterations: number;
  readonly importedUsers: number;
  /** How many bundles are loaded, the largest ones, and how often each. */
  readonly loadedBundles: number;
  readonly loads: number;
}

const standard: Size = {
  name: 'default',
  users: 200,
  rounds: 5,
  tailCustomers: 196,
  batches: 8,
  recountRecords: 4_000,
  alertCustomers: 100_000,
  discardedItems: 100_000,
  closedRecords: 100_000,
  iterations: 1_000,
  importedUsers: 3_000,
  loadedBundles: Number.POSITIVE_INFINITY,
  loads: 7,
};
export const sizes: Readonly<Record<Size['name'], Size>> = {
  default: standard,
  small: {
    name: 'small',
    users: 40,
    rounds: 2,
    tailCustomers: 49,
    batches: 2,
    recountRecords: 1_500,
    alertCustomers: 2_000,
    discardedItems: 5_000,
    closedRecords: 10_000,
    iterations: 200,
    importedUsers: 1_000,
    loadedBundles: 3,
    loads: 1,
  },
  /** Putting a million records there takes longer than all else. */
  full: { ...standard, name: 'full', closedRecords: 1_000_000 },
};
