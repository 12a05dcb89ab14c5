/** Capacity units of DynamoDB, of the table and of its GSI apart. */
export interface Units {
  readonly read: number;
  readonly write: number;
  readonly indexRead: number;
  readonly indexWrite: number;
  /** Write units that AWS may charge on top: for the items of a cancelled transaction whose condition was true. */
  readonly perhaps: number;
}

export const NO_UNITS: Units = { read: 0, write: 0, indexRead: 0, indexWrite: 0, perhaps: 0 };

/** Adds units up. */
export function sum(...all: readonly Units[]): Units {
  return all.reduce(
    (total, units) => ({
      read: total.read + units.read,
      write: total.write + units.write,
      indexRead: total.indexRead + units.indexRead,
      indexWrite: total.indexWrite + units.indexWrite,
      perhaps: total.perhaps + units.perhaps,
    }),
    NO_UNITS,
  );
}

/** Gives units times a factor. */
export function times(units: Units, factor: number): Units {
  return {
    read: units.read * factor,
    write: units.write * factor,
    indexRead: units.indexRead * factor,
    indexWrite: units.indexWrite * factor,
    perhaps: units.perhaps * factor,
  };
}

/** Gives the table's part of units, or the GSI's. */
export const ofTable = (units: Units): Units => ({ ...units, indexRead: 0, indexWrite: 0 });
export const ofIndex = ({ indexRead, indexWrite }: Units): Units => ({ ...NO_UNITS, indexRead, indexWrite });

/**
 * Dollars a million request units, DynamoDB on demand, standard table class, us-east-1.
 * Source: https://aws.amazon.com/dynamodb/pricing/on-demand/; a list price, to be looked up before it is relied on.
 */
export const DOLLARS_A_MILLION = { write: 0.625, read: 0.125 } as const;

/** Gives what units cost, in dollars: the least that AWS can charge, without `perhaps`. */
export function dollars({ read, write, indexRead, indexWrite }: Units): number {
  return ((read + indexRead) * DOLLARS_A_MILLION.read + (write + indexWrite) * DOLLARS_A_MILLION.write) / 1e6;
}

/** Gives the most that units can cost, in dollars: with `perhaps`. */
export function dollarsAtMost(units: Units): number {
  return dollars({ ...units, write: units.write + units.perhaps });
}
