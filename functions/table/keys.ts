import { createHash } from 'node:crypto';

/**
 * Every partition key, sort key and finder key of the table, each with its access pattern. No other file contains the
 * text of a key.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** The key of an item in the finder, our GSI. */
export interface FinderKey {
  readonly finderPk: string;
  readonly finderSk: string;
}
/** All items of one partition. */
export interface Partition {
  readonly pk: string;
}
/** The items of one partition, limited to sort keys that begin with `prefix`. */
export interface Range {
  readonly pk: string;
  readonly prefix: string;
}

/** The items of one partition with sort keys from `from` to `to`, both included. */
export interface Between {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * The kinds of partitions: the first word of every partition key. The role of a Lambda function allows only the kinds
 * of partitions that the code of the function reads and writes.
 */
export type PartitionKind =
  | 'CUSTOMER'
  | 'RP'
  | 'ACTIVE'
  | 'EMAIL'
  | 'LINK-LIMIT'
  | 'SESSION'
  | 'LINK'
  | 'CHALLENGE'
  | 'API-KEY'
  | 'CLOSING-RECORD'
  | 'MAIL'
  | 'CHECKPOINT'
  | 'CURSOR'
  | 'SETTING'
  | 'CLOSED-MONTHS';
/** The kinds of partitions of the GSI: the first word of every `finderPk`. */
export type FinderKind = 'CUSTOMERS' | 'PENDING-ALERTS' | 'OWNED';

/**
 * Returns the beginning of the partition keys of a kind. Must not be called for `CLOSED-MONTHS`, because the only
 * partition key of that kind is the word itself.
 */
const prefixOf = <Kind extends PartitionKind | FinderKind>(kind: Kind) => `${kind}#` as const;
/** Returns the pattern that the partition keys of a kind match, for IAM's `StringLike`. */
export const leadingKeysOf = (kind: PartitionKind | FinderKind): string =>
  kind === closedMonthsKey.pk ? kind : `${prefixOf(kind)}*`;

const pkOf = (kind: PartitionKind, id: string): string => `${prefixOf(kind)}${id}`;
const finderPkOf = (kind: FinderKind, id: string): string => `${prefixOf(kind)}${id}`;
const single = (kind: PartitionKind, id: string): Key => ({ pk: pkOf(kind, id), sk: pkOf(kind, id) });

/** The 16 buckets over which the items of each large collection are spread. */
export const BUCKETS = Array.from({ length: 16 }, (_, index) => index.toString(16).padStart(2, '0'));
/** Returns the bucket of an ID, `00` to `0f`. */
export const bucketOf = (id: string) => `0${sha256(id).slice(0, 1)}`;

// --- The customer's own partition -----------------------------------------------------------------------------------

const customerPk = (customerId: string) => pkOf('CUSTOMER', customerId);

/**
 * The customer: read with every request of an administrator, and with every request of an RP whose API key is not in
 * the cache.
 */
export const customerKey = (customerId: string): Key => ({ pk: customerPk(customerId), sk: 'CUSTOMER' });

/** Everything in the customer's own partition: read to count and discard the customer's items. */
export const customerPartition = (customerId: string): Partition => ({ pk: customerPk(customerId) });

/** An administrator: read with every request that the administrator makes. */
export const administratorKey = (customerId: string, administratorId: string): Key => ({
  pk: customerPk(customerId),
  sk: `ADMINISTRATOR#${administratorId}`,
});
/** The administrators of a customer: read for the Administrators list. */
export const administratorsOf = (customerId: string): Range => ({
  pk: customerPk(customerId),
  prefix: 'ADMINISTRATOR#',
});

/**
 * A passkey of an administrator, by the SHA-256 of the passkey's credential ID: read at a sign-in, whose request
 * contains the customer ID, the administrator ID and the credential ID.
 */
export const passkeyKey = (customerId: string, administratorId: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `PASSKEY#${administratorId}#${id}`,
});
/** The passkeys of an administrator: read to list the passkeys, to add a passkey, and to remove the administrator. */
export const passkeysOf = (customerId: string, administratorId: string): Range => ({
  pk: customerPk(customerId),
  prefix: `PASSKEY#${administratorId}#`,
});

/**
 * A license, by the start of the license in epoch milliseconds. The sort key contains the start as ISO 8601 text of a
 * fixed width, which sorts by time.
 */
export const licenseKey = (customerId: string, startsAt: number): Key => ({
  pk: customerPk(customerId),
  sk: `LICENSE#${new Date(startsAt).toISOString()}`,
});
/** Every license that was set for a customer: read to set another license, and to make the statement of a month. */
export const licensesOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'LICENSE#' });

/** An RP, by our own ID of the RP. */
export const rpKey = (customerId: string, id: string): Key => ({ pk: customerPk(customerId), sk: `RP#${id}` });
/** The RPs of a customer: read for the RPs list, the MAU view and the recount. */
export const rpsOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'RP#' });
/**
 * A domain name that one of the customer's RPs has taken. This key makes the domain name unique within the customer.
 */
export const rpIdKey = (customerId: string, rpId: string): Key => ({
  pk: customerPk(customerId),
  sk: `RP-ID#${rpId}`,
});

/** The MAU counter of one RP in one month. */
export const rpMauKey = (customerId: string, month: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `MAU#${month}#RP#${id}`,
});
/**
 * The total MAU counter of a customer in one month, which is the sum over the customer's RPs: read for the Customer
 * view.
 */
export const totalMauKey = (customerId: string, month: string): Key => ({
  pk: customerPk(customerId),
  sk: `MAU#${month}#TOTAL`,
});
/** All counters of a customer: read when the customer is discarded, to find the last month that has a counter. */
export const mauOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'MAU#' });
/**
 * All counters of a customer from one month to another, both included: read for the MAU view. `$` sorts right after
 * `#`.
 */
export const mauBetween = (customerId: string, firstMonth: string, lastMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `MAU#${firstMonth}#`,
  to: `MAU#${lastMonth}$`,
});

/** The statement of a closed month: written when the month is closed, and read for the operator's export. */
export const statementKey = (customerId: string, month: string): Key => ({
  pk: customerPk(customerId),
  sk: `STATEMENT#${month}`,
});
/** The statements of a customer: read for the Statements list. */
export const statementsOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'STATEMENT#' });
/** The statements of a customer from one month to another, both included: read for the MAU view. */
export const statementsBetween = (customerId: string, firstMonth: string, lastMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `STATEMENT#${firstMonth}`,
  to: `STATEMENT#${lastMonth}`,
});

/** The alert that a customer's MAU in a month exceeds a threshold: decided once for each customer, month and threshold. */
export const alertKey = (customerId: string, month: string, threshold: number): Key => ({
  pk: customerPk(customerId),
  sk: `ALERT#${month}#${threshold}`,
});

// --- Users and active users of an RP --------------------------------------------------------------------------------

/** A user registered at an RP: read with the user's first operation of a month. */
export const userKey = (rpRef: string, userId: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `USER#${userId}`,
});
/** Everything that is registered at an RP, such as users: read to count and discard the RP's items. */
export const rpPartition = (rpRef: string): Partition => ({ pk: pkOf('RP', rpRef) });
/** The users of an RP: read for the users list. */
export const usersOf = (rpRef: string): Range => ({ pk: pkOf('RP', rpRef), prefix: 'USER#' });

/**
 * The record that a user was active at an RP in a month. Every MAU number can be computed from these records. A hash of
 * the user ID spreads the records over 16 partitions, so a single RP can count 16 times as fast as one partition
 * allows.
 */
export const activeUserKey = (rpRef: string, month: string, userId: string): Key => ({
  pk: pkOf('ACTIVE', `${rpRef}#${month}#${bucketOf(userId)}`),
  sk: `USER#${userId}`,
});
/**
 * The 16 partitions that contain an RP's active users of a month: read to count and discard the items in these
 * partitions.
 */
export const activePartitionsOf = (rpRef: string, month: string): Partition[] =>
  BUCKETS.map((bucket) => ({ pk: pkOf('ACTIVE', `${rpRef}#${month}#${bucket}`) }));
/** The active users of an RP in a month, in 16 partitions: read for the recount and the statement. */
export const activeUsersOf = (rpRef: string, month: string): Range[] =>
  activePartitionsOf(rpRef, month).map(({ pk }) => ({ pk, prefix: 'USER#' }));
/**
 * Returns the RP and the month from the partition key of an active-user record. Returns undefined for any other key.
 */
export function parseActiveUserPk(pk: string): { rpRef: string; month: string } | undefined {
  const [, rpRef, month] = /^ACTIVE#(rp_[0-9a-z]+)#(\d{4}-\d{2})#0[0-9a-f]$/.exec(pk) ?? [];
  return rpRef !== undefined && month !== undefined ? { rpRef, month } : undefined;
}

// --- Items found by an e-mail address, an ID or a secret -----------------------------------------------------------

/** An e-mail address. This key makes the address belong to at most one administrator. */
export const emailKey = (email: string): Key => single('EMAIL', email);
/**
 * The links that were sent to an e-mail address within the last hour, whether or not the address belongs to an
 * administrator. The key contains only a hash of the address, because this item may be kept longer than the address
 * itself.
 */
export const linkLimitKey = (email: string): Key => single('LINK-LIMIT', sha256(email));
/** A session, by the SHA-256 of the session's token. */
export const sessionKey = (token: string): Key => single('SESSION', sha256(token));
/** An e-mailed link, by the SHA-256 of the link's token. */
export const linkKey = (token: string): Key => single('LINK', sha256(token));
/**
 * The challenge of a passkey ceremony that has begun, by the SHA-256 of the challenge and its purpose, so that the
 * challenge works for no other purpose. The item names no customer, so the discarding of a customer does not delete the
 * customer's challenges. The TTL deletes the challenges.
 */
export const challengeKey = (challenge: string, ...ceremony: readonly string[]): Key =>
  single('CHALLENGE', sha256([...ceremony, challenge].join('#')));
/** An API key, by the ID, which is the public half of the key. The item holds the SHA-256 of the secret half. */
export const apiKeyKey = (keyId: string): Key => single('API-KEY', keyId);

/** The closing record of a discarded customer, in the service's table. */
export const closingRecordKey = (customerId: string): Key => single('CLOSING-RECORD', customerId);
/**
 * The closing records in their own table, all in one partition: the operator's restore from a backup reads all closing
 * records.
 */
export const keptClosingRecords: Range = { pk: 'CLOSING-RECORD', prefix: 'cus_' };
export const keptClosingRecordKey = (customerId: string): Key => ({ pk: keptClosingRecords.pk, sk: customerId });

// --- Work under way -------------------------------------------------------------------------------------------------

/** An e-mail to be sent: written with the change that causes the e-mail, deleted once SES has accepted the e-mail. */
export const mailKey = (mailId: string): Key => single('MAIL', mailId);
/**
 * The checkpoint of a stream shard: how far the aggregator, which updates the MAU counters, has counted the shard's
 * records.
 */
export const checkpointKey = (shardId: string): Key => single('CHECKPOINT', shardId);
/**
 * The position where a run through all customers stopped before it reached the last customer: the next run continues
 * after this position.
 */
export const cursorKey = (name: string): Key => single('CURSOR', name);
/** A setting that must never change once the service has started, such as its time zone. */
export const settingKey = (name: string): Key => single('SETTING', name);

/** The last month that is closed for every customer: an hourly run that has nothing to close reads only this item. */
export const closedMonthsKey = { pk: 'CLOSED-MONTHS', sk: 'CLOSED-MONTHS' } as const satisfies Key;

/** The prefixes of the partition keys of the items that the stream's consumers receive. */
export const streamPrefixes = { activeUsers: prefixOf('ACTIVE'), mails: prefixOf('MAIL') } as const;

// --- The finder, our GSI --------------------------------------------------------------------------------------------

/**
 * Every customer, and the threshold of its MAU alert while the alert is on: read for the operator's list, the recount
 * and the alert run. The alert run finds the customers whose alert is on without reading the customer items. All IDs
 * have the same length, so the customers of a bucket are in the order of their IDs, whether or not a key contains a
 * threshold.
 */
export const customerFinder = (customerId: string, threshold: number | null): FinderKey => ({
  finderPk: finderPkOf('CUSTOMERS', bucketOf(customerId)),
  finderSk: threshold === null ? customerId : `${customerId}#${threshold}`,
});
export const customersInBucket = (bucket: string) => ({ finderPk: finderPkOf('CUSTOMERS', bucket), prefix: '' });
/**
 * The key directly after a customer's key in the finder (our GSI), whatever the customer's threshold: `~` sorts after
 * every digit.
 */
export const behindCustomer = (customerId: string): FinderKey => ({
  ...customerFinder(customerId, null),
  finderSk: `${customerId}#~`,
});
/**
 * Returns a customer's ID and the threshold of its MAU alert, null while the alert is off, from the customer's key in
 * the finder (our GSI).
 */
export function parseCustomerFinder({ finderSk }: FinderKey): { customerId: string; threshold: number | null } {
  const [customerId = '', threshold] = finderSk.split('#');
  return { customerId, threshold: threshold === undefined ? null : Number(threshold) };
}

/**
 * The pending alerts of all customers: read by the alert run. When an alert is concluded, the alert is removed from the
 * finder (our GSI).
 */
export const pendingAlertFinder = (customerId: string, month: string, threshold: number): FinderKey => ({
  finderPk: finderPkOf('PENDING-ALERTS', bucketOf(customerId)),
  finderSk: `${customerId}#${month}#${threshold}`,
});
export const pendingAlertsInBucket = (bucket: string) => ({
  finderPk: finderPkOf('PENDING-ALERTS', bucket),
  prefix: '',
});
/** Returns the alert that a key in the finder (our GSI) belongs to. */
export function parsePendingAlertFinder({ finderSk }: FinderKey) {
  const [customerId = '', month = '', threshold] = finderSk.split('#');
  return { customerId, month, threshold: Number(threshold) };
}

/** Everything that a customer owns outside its own partition and its RPs' partitions: read to discard the customer. */
export const ownedOf = (customerId: string) => ({ finderPk: finderPkOf('OWNED', customerId), prefix: '' });
const ownedBy = (customerId: string, finderSk: string): FinderKey => ({
  finderPk: finderPkOf('OWNED', customerId),
  finderSk,
});
export const emailFinder = (customerId: string, email: string) => ownedBy(customerId, `EMAIL#${email}`);
export const sessionFinder = (customerId: string, token: string) => ownedBy(customerId, `SESSION#${sha256(token)}`);
export const linkFinder = (customerId: string, token: string) => ownedBy(customerId, `LINK#${sha256(token)}`);
export const mailFinder = (customerId: string, mailId: string) => ownedBy(customerId, `MAIL#${mailId}`);
export const apiKeyFinder = (customerId: string, rpRef: string, keyId: string) =>
  ownedBy(customerId, `API-KEY#${rpRef}#${keyId}`);
/** The API keys of an RP: read to list the API keys, and to discard the API keys of a removed RP. */
export const apiKeysOf = (customerId: string, rpRef: string) => ({
  finderPk: finderPkOf('OWNED', customerId),
  prefix: `API-KEY#${rpRef}#`,
});
/** Returns the ID of an API key from the key of the API key's item in the finder (our GSI). */
export const keyIdIn = ({ finderSk }: FinderKey): string => finderSk.slice(finderSk.lastIndexOf('#') + 1);

// --- Reading keys ----------------------------------------------------------------------------------------------------

/**
 * Returns the kind of item that a key belongs to: the first word of the sort key in lower case, such as `api-key`. In
 * the partitions of active users, the kind begins with `active-`, because the sort keys of active-user records and of
 * registered users begin with the same word.
 */
export const kindOf = ({ pk, sk }: Key): string => {
  const word = sk.split('#', 1)[0]?.toLowerCase() ?? '';
  return pk.startsWith(prefixOf('ACTIVE')) ? `active-${word}` : word;
};

/** Returns the RP that a partition key belongs to; undefined when the key belongs to no RP. */
export const rpOfPartition = (pk: string): string | undefined =>
  /^RP#(rp_[0-9a-z]+)$/.exec(pk)?.[1] ?? parseActiveUserPk(pk)?.rpRef;
