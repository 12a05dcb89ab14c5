import type { CustomerLine } from '../list-customer-lines.ts';
import { folded } from '../customer-orders.ts';

/** A customer in the lists of the operators' pages: the fields of `customer list --json` that the pages show. */
export type SummaryRow = ReturnType<typeof summaryRow>;

/** Returns the row of a customer. */
export const summaryRow = (line: CustomerLine) => ({
  customerId: line.customerId,
  name: line.name,
  state: line.state,
  license: line.license,
  licenseEndsAt: line.licenseEndsAt,
  expiresAt: line.expiresAt,
  mauThisMonth: line.mauThisMonth,
  maxMau: line.maxMau,
  overageFee: line.overageFee,
  representative: line.representative && { name: line.representative.name, email: line.representative.email },
  createdAt: line.createdAt,
});

/**
 * The number of characters of a name that decide its position, so that the key of the position is shorter than the
 * 1,024 bytes that DynamoDB allows. A name has at most 200 characters, but its folded form can have more.
 */
const CHARACTERS_OF_POSITION = 200;

/** Returns the position at which names that begin with `text` begin in the list by name. */
export const positionOf = (text: string): string => Array.from(folded(text)).slice(0, CHARACTERS_OF_POSITION).join('');

/**
 * Returns the position of a customer in the list by name. A tab comes before all characters that a name can contain, so
 * a name comes before all longer names that begin with it.
 */
export const positionOfName = ({ name, customerId }: Pick<SummaryRow, 'name' | 'customerId'>): string =>
  `${positionOf(name)}\t${customerId}`;

/** Compares two positions as DynamoDB compares sort keys: by their bytes in UTF-8. */
export const byPosition = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
