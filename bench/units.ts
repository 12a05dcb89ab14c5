const KINDS = ['read', 'write', 'indexRead', 'indexWrite', 'perhaps'] as const;
type Kind = (typeof KINDS)[number];
/**
 * Capacity units of DynamoDB, separately for the table and its GSI. When a transaction is cancelled, AWS may also
 * charge for the items whose condition was true: `perhaps` is the number of write units for these items.
 */
export type Units = Readonly<Record<Kind, number>>;

const ofEach = (count: (kind: Kind) => number) => Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])) as Units;

export const NO_UNITS = ofEach(() => 0);
/** Returns the sums of units, separately for each kind of unit. */
export const sum = (...all: readonly Units[]) => ofEach((kind) => all.reduce((total, units) => total + units[kind], 0));
/** Returns the units of each kind multiplied by a factor. */
export const times = (units: Units, factor: number) => ofEach((kind) => units[kind] * factor);
/** Returns `more` minus `less`. */
export const difference = (more: Units, less: Units) => ofEach((kind) => more[kind] - less[kind]);

/** Returns the read units of the table and its GSI together. */
export const reads = ({ read, indexRead }: Units) => read + indexRead;
/** Returns the write units of the table and its GSI together, without `perhaps`. */
export const writes = ({ write, indexWrite }: Units) => write + indexWrite;

/**
 * Dollars per million request units: DynamoDB on demand, standard table class, us-east-1. The prices are from
 * https://aws.amazon.com/dynamodb/pricing/on-demand/; check the prices before you rely on them.
 */
const DOLLARS_A_MILLION = { write: 0.625, read: 0.125 } as const;

/** Returns the lowest price that AWS can charge for units, in dollars: the price without `perhaps`. */
export const dollars = (units: Units) =>
  (reads(units) * DOLLARS_A_MILLION.read + writes(units) * DOLLARS_A_MILLION.write) / 1e6;
/** Returns the highest price that AWS can charge for units, in dollars: the price with `perhaps`. */
export const dollarsAtMost = (units: Units) => dollars({ ...units, write: units.write + units.perhaps });
