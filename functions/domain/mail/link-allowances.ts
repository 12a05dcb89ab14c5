import type { LinkBucket } from '../../table/limits/link-limits.ts';
import { MINUTE } from '../time.ts';
import type { Language } from './languages.ts';

/** How many links the service sends: at most `atOnce` in a row, and after that one every `thenEveryMinutes` minutes. */
export interface LinkAllowance {
  readonly atOnce: number;
  readonly thenEveryMinutes: number;
}

/**
 * The allowances of e-mailed links. `anonymous` is for each address, and counts links that were requested by people who
 * were not signed in: a sign-in link works for 15 minutes, so even while a stranger requests links continuously, the
 * owner of the address always has a link that works.
 *
 * The other allowances count links that a customer caused, such as invitations. `customerToAddress` is for each
 * customer and address, so one customer cannot use up the allowance of another customer. `customersToAddress` is for
 * each address and counts the links that all customers caused together, so many customers cannot flood an address.
 * `customer` is for each customer and counts its links to all addresses, so one customer cannot flood many addresses.
 */
export const linkAllowances = {
  anonymous: { atOnce: 3, thenEveryMinutes: 10 },
  customerToAddress: { atOnce: 5, thenEveryMinutes: 12 },
  customersToAddress: { atOnce: 20, thenEveryMinutes: 3 },
  customer: { atOnce: 100, thenEveryMinutes: 1 },
} as const satisfies Record<string, LinkAllowance>;

/** Returns the token bucket of a link that a person who was not signed in requested for an address. */
export const anonymousBucket = (email: string): LinkBucket => bucket('anonymous', email);

/** Returns the token buckets of a link that a customer caused to an address. */
export const customerBuckets = (email: string, customerId: string): LinkBucket[] => [
  bucket('customerToAddress', customerId, email),
  bucket('customersToAddress', email),
  bucket('customer', customerId),
];

function bucket(kind: keyof typeof linkAllowances, ...of: readonly string[]): LinkBucket {
  const { atOnce, thenEveryMinutes } = linkAllowances[kind];
  return { of: [kind, ...of], atOnce, every: thenEveryMinutes * MINUTE };
}

const allowances = {
  en: ({ atOnce, thenEveryMinutes }) =>
    `You can request ${atOnce} links in a row for one address, and after that one every ${thenEveryMinutes} minutes.`,
  ja: ({ atOnce, thenEveryMinutes }) =>
    `1つのアドレスに続けて送信できるリンクは${atOnce}件までで、その後は${thenEveryMinutes}分ごとに1件です。`,
} satisfies Record<Language, (allowance: LinkAllowance) => string>;

/** Returns an allowance as a sentence for people. */
export const allowanceInWords = (allowance: LinkAllowance, language: Language): string =>
  allowances[language](allowance);

/**
 * Returns the body of the response to a request for a link. The body is the same for known and unknown addresses.
 */
export const linkAccepted = (linkLimit: LinkAllowance) => ({
  detail: `If we can send a link to the address, an e-mail follows. ${allowanceInWords(linkLimit, 'en')}`,
  linkLimit,
});
