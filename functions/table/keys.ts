import { createHash } from 'node:crypto';

/**
 * This file builds every key of the table and of its GSI, the finder, and describes the access pattern of each key. No
 * other file contains the text of a key.
 */

/** The primary key of an item in the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** The key of an item in the finder (our GSI). */
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
/** Returns the SHA-256 of bytes. Both are base64url, which is shorter than hexadecimal. */
const sha256OfBytes = (bytes: string) =>
  createHash('sha256').update(Buffer.from(bytes, 'base64url')).digest('base64url');

/**
 * The kinds of partitions of the table. The kind of a partition is the first word of its partition key. The role of a
 * Lambda function allows calls only to the kinds of partitions that the code of the function reads and writes.
 */
export type PartitionKind =
  | 'CUSTOMER'
  | 'RP'
  | 'HANDLE'
  | 'CREDENTIAL-ID'
  | 'TOKEN-KEYS'
  | 'ACTIVE'
  | 'EMAIL'
  | 'LINK-LIMIT'
  | 'NOTICE-LIMIT'
  | 'SIGN-UP-LIMIT'
  | 'SESSION'
  | 'LINK'
  | 'CHALLENGE'
  | 'API-KEY'
  | 'SIGNED-CALL'
  | 'REFUSAL'
  | 'CLOSING-RECORD'
  | 'MAIL'
  | 'CHECKPOINT'
  | 'CURSOR'
  | 'SETTING'
  | 'CLOSED-MONTHS'
  | 'METADATA'
  | 'OPERATORS'
  | 'OPERATOR'
  | 'OPERATOR-SESSION'
  | 'OPERATOR-LINK'
  | 'OPERATOR-SUMMARY';
/** The kinds of partitions of the GSI. The kind of a partition is the first word of its `finderPk`. */
export type FinderKind = 'CUSTOMERS' | 'PENDING-ALERTS' | 'OWNED';

/** The kinds that have only one partition. The partition key of each is the word itself. */
const onlyPartitions: readonly string[] = ['CLOSED-MONTHS', 'OPERATORS'] satisfies PartitionKind[];
/**
 * Returns the text with which every partition key of a kind begins. Must not be called for a kind that has only one
 * partition.
 */
const prefixOf = <Kind extends PartitionKind | FinderKind>(kind: Kind) => `${kind}#` as const;
/** Returns the pattern for IAM's `StringLike` that matches the partition keys of a kind. */
export const leadingKeysOf = (kind: PartitionKind | FinderKind): string =>
  onlyPartitions.includes(kind) ? kind : `${prefixOf(kind)}*`;

const pkOf = (kind: PartitionKind, id: string): string => `${prefixOf(kind)}${id}`;
const finderPkOf = (kind: FinderKind, id: string): string => `${prefixOf(kind)}${id}`;
const single = (kind: PartitionKind, id: string): Key => ({ pk: pkOf(kind, id), sk: pkOf(kind, id) });

/** The 16 buckets over which `bucketOf` spreads the items of each large collection. */
export const BUCKETS = Array.from({ length: 16 }, (_, index) => index.toString(16).padStart(2, '0'));
/** Returns the bucket of an ID, `00` to `0f`. */
export const bucketOf = (id: string) => `0${sha256(id).slice(0, 1)}`;

// --- The customer's own partition -----------------------------------------------------------------------------------

const customerPk = (customerId: string) => pkOf('CUSTOMER', customerId);

/**
 * Returns the key of the customer item. The service reads this item with every request of an administrator, and with
 * every request of an RP whose API key the process has not cached.
 */
export const customerKey = (customerId: string): Key => ({ pk: customerPk(customerId), sk: 'CUSTOMER' });

/** Returns the customer's own partition. The service reads this partition to count and delete the customer's items. */
export const customerPartition = (customerId: string): Partition => ({ pk: customerPk(customerId) });

/**
 * Returns the key of an administrator. The service reads the administrator with every request that the administrator
 * makes.
 */
export const administratorKey = (customerId: string, administratorId: string): Key => ({
  pk: customerPk(customerId),
  sk: `ADMINISTRATOR#${administratorId}`,
});
/** Returns the range of a customer's administrators. The service reads this range for the Administrators list. */
export const administratorsOf = (customerId: string): Range => ({
  pk: customerPk(customerId),
  prefix: 'ADMINISTRATOR#',
});

/**
 * Returns the key of an administrator's passkey. The key contains the SHA-256 of the passkey's credential ID. The
 * service reads the passkey when the administrator signs in. The sign-in request contains the customer ID, the
 * administrator ID and the credential ID.
 */
export const passkeyKey = (customerId: string, administratorId: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `PASSKEY#${administratorId}#${id}`,
});
/**
 * Returns the range of an administrator's passkeys. The service reads this range to list the passkeys, to add a
 * passkey, and to remove the administrator.
 */
export const passkeysOf = (customerId: string, administratorId: string): Range => ({
  pk: customerPk(customerId),
  prefix: `PASSKEY#${administratorId}#`,
});

/**
 * Returns the key of a license. `startsAt` is the time at which the license starts, in epoch milliseconds. The sort key
 * contains this time as ISO 8601 text of a fixed width, so that the licenses are sorted by time.
 */
export const licenseKey = (customerId: string, startsAt: number): Key => ({
  pk: customerPk(customerId),
  sk: `LICENSE#${new Date(startsAt).toISOString()}`,
});
/**
 * Returns the range of every license that was set for a customer. The service reads this range to set another license,
 * and to create the statement of a month.
 */
export const licensesOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'LICENSE#' });

/**
 * Returns the key that reserves an e-mail address for one of the customer's administrators. This key makes the address
 * unique within the customer.
 */
export const administratorEmailKey = (customerId: string, email: string): Key => ({
  pk: customerPk(customerId),
  sk: `ADMINISTRATOR-EMAIL#${email}`,
});

/** Returns the key of an RP. The key contains the service's own ID of the RP. */
export const rpKey = (customerId: string, id: string): Key => ({ pk: customerPk(customerId), sk: `RP#${id}` });
/**
 * Returns the key of the settings of an RP. The service reads them with the RP when a process checks an API key of the
 * RP. They have an item of their own, because each registration of a user writes the RP's item, and the price of a
 * write depends on the size of the item.
 */
export const rpSettingsKey = (customerId: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `RP-SETTINGS#${id}`,
});
/**
 * Returns the range of a customer's RPs, without removed RPs. The service reads this range for the RPs list, for the
 * view of the monthly active users (MAU), and to recount the MAU.
 */
export const rpsOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'RP#' });

/**
 * Returns the key of a removed RP. `lastMonth` is the last month in which the RP can have active users. The months sort
 * before the IDs, so that the service can close and recount a month without reading the RPs that were removed earlier.
 */
export const removedRpKey = (customerId: string, lastMonth: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `REMOVED-RP#${lastMonth}#${id}`,
});
/**
 * Returns the range of all removed RPs of a customer. The service reads this range to discard the customer's data, and
 * to show the customer to the operator.
 */
export const removedRpsOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'REMOVED-RP#' });
/**
 * Returns the range of the removed RPs that can have active users in `month` or later. The service reads this range to
 * close the month and to recount its MAU. The range ends with `$`, which sorts directly after `#`.
 */
export const removedRpsSince = (customerId: string, month: string): Between => ({
  pk: customerPk(customerId),
  from: `REMOVED-RP#${month}#`,
  to: 'REMOVED-RP$',
});
/**
 * Returns the key of the second item of a removed RP that had active users. Most removed RPs had none, so the service
 * reads a customer's RPs for the MAU view at a bounded cost, whatever number of RPs the customer has removed.
 */
export const shownRpKey = (customerId: string, lastMonth: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `SHOWN-RP#${lastMonth}#${id}`,
});
/** Returns the range of the removed RPs that the MAU view shows from `firstMonth` on. */
export const shownRpsSince = (customerId: string, firstMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `SHOWN-RP#${firstMonth}#`,
  to: 'SHOWN-RP$',
});
/**
 * Returns the key that reserves a domain name for one of the customer's RPs. This key makes the domain name unique
 * within the customer.
 */
export const rpIdKey = (customerId: string, rpId: string): Key => ({
  pk: customerPk(customerId),
  sk: `RP-ID#${rpId}`,
});

/** Returns the key of the MAU counter of one RP in one month. */
export const rpMauKey = (customerId: string, month: string, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `MAU#${month}#RP#${id}`,
});
/**
 * Returns the key of a customer's total MAU counter in one month. This counter is the sum of the counters of the
 * customer's RPs. The service reads this counter for the Customer view.
 */
export const totalMauKey = (customerId: string, month: string): Key => ({
  pk: customerPk(customerId),
  sk: `MAU#${month}#TOTAL`,
});
/**
 * Returns the range of a customer's MAU counters. While the service deletes the customer's data, it reads this range to
 * find the last month that has a counter.
 */
export const mauOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'MAU#' });
/**
 * Returns the range of a customer's MAU counters of one month. The customer's total sorts after the counters of the
 * RPs. The service reads this range backwards for the MAU view.
 */
export const mauOfMonth = (customerId: string, month: string): Range => ({
  pk: customerPk(customerId),
  prefix: `MAU#${month}#`,
});
/**
 * Returns the range of a customer's MAU counters from `firstMonth` to `lastMonth`, both months included. The service
 * reads this range to recount the MAU. The range ends with `$`, which sorts directly after `#`, so the range includes
 * all counters of `lastMonth`.
 */
export const mauBetween = (customerId: string, firstMonth: string, lastMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `MAU#${firstMonth}#`,
  to: `MAU#${lastMonth}$`,
});

/**
 * Returns the key of a statement: the final MAU and fee of a closed month. The service writes the statement when it
 * closes the month, and reads the statement for the operator's export.
 */
export const statementKey = (customerId: string, month: string): Key => ({
  pk: customerPk(customerId),
  sk: `STATEMENT#${month}`,
});
/** Returns the range of a customer's statements. The service reads this range for the Statements list. */
export const statementsOf = (customerId: string): Range => ({ pk: customerPk(customerId), prefix: 'STATEMENT#' });
/**
 * Returns the range of a customer's statements from `firstMonth` to `lastMonth`, both months included. The service
 * reads this range for the MAU view.
 */
export const statementsBetween = (customerId: string, firstMonth: string, lastMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `STATEMENT#${firstMonth}`,
  to: `STATEMENT#${lastMonth}`,
});
/**
 * Returns the key of one part of a statement's list of RPs. The parts are numbered from 0. They are items of their own,
 * so that the service can read a statement's totals without the names of a thousand RPs.
 */
export const statementRpsKey = (customerId: string, month: string, part: number): Key => ({
  pk: customerPk(customerId),
  sk: `STATEMENT-RPS#${month}#${String(part).padStart(2, '0')}`,
});
/**
 * Returns the range of the RPs in a customer's statements from `firstMonth` to `lastMonth`, both months included. The
 * service reads this range for the Statements list.
 */
export const statementRpsBetween = (customerId: string, firstMonth: string, lastMonth: string): Between => ({
  pk: customerPk(customerId),
  from: `STATEMENT-RPS#${firstMonth}#`,
  to: `STATEMENT-RPS#${lastMonth}$`,
});

/**
 * Returns the key of the MAU alert for a customer, a month and a threshold. There is at most one alert for each
 * customer, month and threshold, and at most one copy of it for each administrator whom the customer's setting names.
 * `administratorId` is the recipient of a copy.
 */
export const alertKey = (customerId: string, month: string, threshold: number, administratorId?: string): Key => ({
  pk: customerPk(customerId),
  sk: alertSk(['ALERT', month], threshold, administratorId),
});
/**
 * Returns the range of the alerts about a customer's MAU of a month: those to the representative and their copies. An
 * alert run counts them before it decides another alert.
 */
export const alertsOfMonth = (customerId: string, month: string): Range => ({
  pk: customerPk(customerId),
  prefix: `ALERT#${month}#`,
});
const alertSk = (words: readonly string[], threshold: number, administratorId: string | undefined): string =>
  [...words, threshold, ...(administratorId === undefined ? [] : [administratorId])].join('#');

/**
 * Returns the key of a customer's webhook. The service reads the webhook when it decides an MAU alert, and for each
 * attempt to deliver an event.
 */
export const webhookKey = (customerId: string): Key => ({ pk: customerPk(customerId), sk: 'WEBHOOK' });
/**
 * Returns the key of the time of a customer's last test event. The item stays when the webhook is removed. DynamoDB
 * deletes it after the time in the attribute `ttl`.
 */
export const webhookTestKey = (customerId: string): Key => ({ pk: customerPk(customerId), sk: 'WEBHOOK-TEST' });
/**
 * Returns the key of the delivery of an event to a webhook. `createdAt` is the time of the event, in epoch
 * milliseconds. The sort key contains this time as ISO 8601 text of a fixed width, so that the deliveries of a webhook
 * are sorted by time. DynamoDB deletes the delivery after the time in the attribute `ttl`.
 */
export const webhookDeliveryKey = (customerId: string, webhookId: string, createdAt: number, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `${webhookDeliveryPrefix}${webhookId}#${new Date(createdAt).toISOString()}#${id}`,
});
const webhookDeliveryPrefix = 'WEBHOOK-DELIVERY#';
/** Returns the range of the deliveries to a webhook. The service reads this range backwards to show the last ones. */
export const webhookDeliveriesOf = (customerId: string, webhookId: string): Range => ({
  pk: customerPk(customerId),
  prefix: `${webhookDeliveryPrefix}${webhookId}#`,
});

/** Returns the part of an audit entry's sort key that its cursor contains. `at` is in epoch milliseconds. */
export const auditKeyOf = (at: number, id: string): string => `${new Date(at).toISOString()}#${id}`;
/**
 * Returns the key of an audit entry: a change, a sign-in or an export at the time `at` (epoch milliseconds). The sort
 * key begins with the time as ISO 8601 text of a fixed width, so that the entries are sorted by time. The service
 * writes the entry together with the change. DynamoDB deletes it after the time in the attribute `ttl`.
 */
export const auditKey = (customerId: string, at: number, id: string): Key => ({
  pk: customerPk(customerId),
  sk: `AUDIT#${auditKeyOf(at, id)}`,
});
/**
 * Returns the range of a customer's audit entries from the time `from`, which is included, to the time `to`, which is
 * not, and before the entry with the part `before` of its sort key. The service reads this range backwards, page by
 * page. All IDs of entries have the same length and end with a letter or a digit, so the text that lacks the last
 * character sorts directly before them.
 */
export const auditBetween = (customerId: string, from: number, to: number, before = '~'): Between => {
  const end = new Date(to).toISOString();
  return {
    pk: customerPk(customerId),
    from: `AUDIT#${new Date(from).toISOString()}`,
    to: `AUDIT#${before < end ? before.slice(0, -1) : end}`,
  };
};

// --- Users and active users of an RP --------------------------------------------------------------------------------

/**
 * Returns the key of a user who is registered at an RP. The service reads the user, for example, at the user's first
 * operation in a month.
 */
export const userKey = (rpRef: string, userId: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `USER#${userId}`,
});
/**
 * Returns the RP's own partition, which contains the users who are registered at the RP. The service reads this
 * partition to count and delete its items.
 */
export const rpPartition = (rpRef: string): Partition => ({ pk: pkOf('RP', rpRef) });
/** Returns the range of an RP's users. The service reads this range for the users list. */
export const usersOf = (rpRef: string): Range => ({ pk: pkOf('RP', rpRef), prefix: 'USER#' });

/**
 * Returns the key of the item with which the service finds a user by name. `name` is the user name in the form in which
 * names are compared. The key contains only a hash, because a sort key may have at most 1,024 bytes.
 */
export const userNameKey = (rpRef: string, name: string, userId: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `USER-NAME#${sha256(name)}#${userId}`,
});
/** Returns the range of the users of an RP who have a name. The service reads this range to find users by name. */
export const usersNamed = (rpRef: string, name: string): Range => ({
  pk: pkOf('RP', rpRef),
  prefix: `USER-NAME#${sha256(name)}#`,
});
/**
 * Returns the key that reserves a user name for one user of an RP. This key makes the name unique within the RP. Only
 * RPs whose setting requires unique names have such items.
 */
export const takenUserNameKey = (rpRef: string, name: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `USER-NAME-TAKEN#${sha256(name)}`,
});

// --- Credentials of an RP's users -----------------------------------------------------------------------------------

/**
 * Returns the partition of a user handle: the user's handle item and the user's credentials. The sign-ins of an RP are
 * thereby spread over as many partitions as the RP has users. `userHandle` is base64url.
 */
export const userHandlePartition = (rpRef: string, userHandle: string): Partition => ({
  pk: pkOf('HANDLE', `${rpRef}#${sha256OfBytes(userHandle)}`),
});
/** Returns the key of a user's handle item. The service reads this item to register a credential of the user. */
export const userHandleKey = (rpRef: string, userHandle: string): Key => ({
  ...userHandlePartition(rpRef, userHandle),
  sk: 'USER',
});
/** Returns the hash of a credential ID (base64url) that the sort key of the credential contains. */
export const credentialHashOf = (credentialId: string): string => sha256OfBytes(credentialId);
/**
 * Returns the key of the part of a credential that each sign-in reads and writes. A credential ID itself may have 1,023
 * bytes, which is almost the maximum length of a sort key, so the key contains its hash.
 */
export const credentialKey = (rpRef: string, userHandle: string, credentialId: string): Key => ({
  ...userHandlePartition(rpRef, userHandle),
  sk: `CREDENTIAL#${credentialHashOf(credentialId)}`,
});
/** Returns the key of the other part of a credential, which sign-ins only read. */
export const credentialInfoKey = (rpRef: string, userHandle: string, credentialId: string): Key => ({
  ...userHandlePartition(rpRef, userHandle),
  sk: `CREDENTIAL#${credentialHashOf(credentialId)}#INFO`,
});
/**
 * Returns the key that reserves a credential ID within an RP. WebAuthn (7.1) requires that no two users have the same
 * credential ID.
 */
export const credentialIdKey = (rpRef: string, credentialId: string): Key =>
  single('CREDENTIAL-ID', `${rpRef}#${credentialHashOf(credentialId)}`);

/**
 * Returns the key of what the beginning of a registration leaves for its end, if this does not fit into the sealed
 * ceremony. The service reads this item once, at the end. It is in the RP's own partition, so that it is discarded with
 * the RP.
 */
export const pendingRegistrationKey = (rpRef: string, id: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `PENDING-REGISTRATION#${id}`,
});

/**
 * Returns the key of the item that leads from an RP to the tombstone of a user handle: what stays of the handle item of
 * a removed user for a short time. The service reads these items to discard the tombstones of an RP.
 */
export const handleTombstoneKey = (rpRef: string, userHandle: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `TOMBSTONE#HANDLE#${sha256OfBytes(userHandle)}`,
});
/** Returns the key of the item that leads from an RP to the tombstone of a credential ID. */
export const credentialIdTombstoneKey = (rpRef: string, credentialId: string): Key => ({
  pk: pkOf('RP', rpRef),
  sk: `TOMBSTONE#CREDENTIAL-ID#${credentialHashOf(credentialId)}`,
});
/**
 * Returns the key of the tombstone to which an item of an RP leads. Returns undefined when the given key is not that of
 * such an item.
 */
export function tombstoneKeyIn({ pk, sk }: Key): Key | undefined {
  const rpRef = rpOfPartition(pk);
  const [, kind, hash] = /^TOMBSTONE#(HANDLE|CREDENTIAL-ID)#(.+)$/.exec(sk) ?? [];
  if (rpRef === undefined || hash === undefined) return undefined;
  return kind === 'HANDLE'
    ? { pk: pkOf('HANDLE', `${rpRef}#${hash}`), sk: 'USER' }
    : single('CREDENTIAL-ID', `${rpRef}#${hash}`);
}
/**
 * Returns the key of the handle item to which a user leads, from the key of the user. Returns undefined when the given
 * key is not that of a user. The service uses this function to count and discard the users of an RP.
 */
export function userHandleKeyFor({ pk, sk }: Key, userHandle: string): Key | undefined {
  const [, rpRef] = /^RP#(rp_[0-9a-z]+)$/.exec(pk) ?? [];
  return rpRef === undefined || !sk.startsWith('USER#') ? undefined : userHandleKey(rpRef, userHandle);
}
/**
 * Returns the key that reserves the credential ID of a credential, from the key of the credential. Returns undefined
 * when the given key is not that of a credential. The service uses this function to discard the credentials of an RP.
 */
export function credentialIdKeyFor({ pk, sk }: Key): Key | undefined {
  const [, rpRef] = /^HANDLE#(rp_[0-9a-z]+)#/.exec(pk) ?? [];
  const [, hash] = /^CREDENTIAL#([^#]+)$/.exec(sk) ?? [];
  return rpRef === undefined || hash === undefined ? undefined : single('CREDENTIAL-ID', `${rpRef}#${hash}`);
}

/**
 * Returns the key of the item with the keys that sign the tokens of an RP. The service reads this item when a process
 * first signs a token for the RP, and when anybody asks for the public keys. The item has a partition of its own, so
 * that the function that answers anybody may read no other item of the RP.
 */
export const tokenKeysKey = (rpRef: string): Key => single('TOKEN-KEYS', rpRef);
/**
 * Returns the partition of the item with the keys that sign the tokens of an RP. The service reads this partition to
 * count and delete the item.
 */
export const tokenKeysPartition = (rpRef: string): Partition => ({ pk: tokenKeysKey(rpRef).pk });

/**
 * Returns the key of an active-user record, which says that a user was active at an RP in a month. Every MAU number can
 * be computed from these records. A hash of the user ID spreads the records over 16 partitions, so the service can
 * count the users of a single RP 16 times as fast as one partition allows.
 */
export const activeUserKey = (rpRef: string, month: string, userId: string): Key => ({
  pk: pkOf('ACTIVE', `${rpRef}#${month}#${bucketOf(userId)}`),
  sk: `USER#${userId}`,
});
/**
 * Returns the 16 partitions that contain the active-user records of an RP and a month. The service reads these
 * partitions to count and delete their items.
 */
export const activePartitionsOf = (rpRef: string, month: string): Partition[] =>
  BUCKETS.map((bucket) => ({ pk: pkOf('ACTIVE', `${rpRef}#${month}#${bucket}`) }));
/**
 * Returns the ranges of the active-user records of an RP and a month, in 16 partitions. The service reads these ranges
 * to recount the MAU, to create the statement of the month, and to list the active users.
 */
export const activeUsersOf = (rpRef: string, month: string): Range[] =>
  activePartitionsOf(rpRef, month).map(({ pk }) => ({ pk, prefix: 'USER#' }));
/** Returns the ID of the user from the key of an active-user record. */
export const activeUserIdOf = ({ sk }: Key): string => sk.slice('USER#'.length);
/**
 * Returns the RP's ID and the month from the partition key of an active-user record. Returns undefined for any other
 * key.
 */
export function parseActiveUserPk(pk: string): { rpRef: string; month: string } | undefined {
  const [, rpRef, month] = /^ACTIVE#(rp_[0-9a-z]+)#(\d{4}-\d{2})#0[0-9a-f]$/.exec(pk) ?? [];
  return rpRef !== undefined && month !== undefined ? { rpRef, month } : undefined;
}

// --- Items found by an e-mail address, an ID or a secret -----------------------------------------------------------

/**
 * Returns the key of an e-mail address. The table contains this key at most once, so the address belongs to at most one
 * administrator. Until somebody proves that they receive e-mails at the address, the item only says who claims the
 * address.
 */
export const emailKey = (email: string): Key => single('EMAIL', email);
/**
 * Returns the key of a token bucket that limits e-mailed links. `of` names the kind of the bucket, and the e-mail
 * address or the customer, or both. The key contains only a hash, because the table may keep this item longer than the
 * address itself. DynamoDB deletes the item after the time at which the bucket is full again.
 */
export const linkLimitKey = (of: readonly string[]): Key => single('LINK-LIMIT', sha256(of.join('#')));
/**
 * Returns the key of the number of notices that a customer caused in the current window. The service reads this item
 * before it sends a notice.
 */
export const noticeLimitKey = (customerId: string): Key => single('NOTICE-LIMIT', customerId);
/**
 * Returns the key of the number of sign-ups in an hour from one network or with one e-mail domain. `hour` is the start
 * of the hour, in epoch milliseconds. The key contains only a hash, so that the table contains no caller's IP address.
 */
export const signUpLimitKey = (of: 'network' | 'domain', name: string, hour: number): Key =>
  single('SIGN-UP-LIMIT', sha256([of, name, hour].join('#')));
/** Returns the ID of a session: the SHA-256 of the session's token. The token cannot be computed from the ID. */
export const sessionIdOf = (token: string): string => sha256(token);
/** Returns the key of a session. The key contains the session's ID. */
export const sessionKey = (id: string): Key => single('SESSION', id);
/** Returns the key of an e-mailed link. The key contains the SHA-256 of the link's token. */
export const linkKey = (token: string): Key => single('LINK', sha256(token));
/**
 * Returns the key of the challenge of a passkey ceremony that has begun. The key contains the SHA-256 of the challenge
 * and its purpose, so that the challenge works for no other purpose. The challenge's item names no customer, so the
 * service cannot find the item when it deletes a customer's data. DynamoDB deletes each challenge after the time in the
 * attribute `ttl`.
 */
export const challengeKey = (challenge: string, ...ceremony: readonly string[]): Key =>
  single('CHALLENGE', sha256([...ceremony, challenge].join('#')));
/**
 * Returns the key of an API key's item. The key contains the ID of the API key, which is the API key's public half. The
 * item stores the SHA-256 of the secret half.
 */
export const apiKeyKey = (keyId: string): Key => single('API-KEY', keyId);

/**
 * Returns the key of a signed message in the FSS format that an RP has used. `message` is a hash that identifies the
 * message. The service writes the item when it accepts the message. DynamoDB deletes the item after the time in the
 * attribute `ttl`.
 */
export const signedCallKey = (rpRef: string, message: string): Key => ({
  pk: pkOf('SIGNED-CALL', rpRef),
  sk: `SIGNED-CALL#${message}`,
});
/** Returns the partition of an RP's used messages. The service reads this partition to count and delete its items. */
export const signedCallsPartition = (rpRef: string): Partition => ({ pk: pkOf('SIGNED-CALL', rpRef) });

/**
 * Returns the key of a refused ceremony of an RP. `at` is the time of the refusal, in epoch milliseconds. The key
 * contains the second as ISO 8601 text, so that an RP has at most one item for each second. The service writes the item
 * when it refuses a ceremony. DynamoDB deletes the item after the time in the attribute `ttl`.
 */
export const refusalKey = (rpRef: string, at: number): Key => ({
  pk: pkOf('REFUSAL', rpRef),
  sk: `REFUSAL#${new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}`,
});
/**
 * Returns the range of the refused ceremonies of an RP since the second of `from`. The service reads this range
 * backwards to show the activity of the RP. The range ends with `$`, which sorts directly after `#`.
 */
export const refusalsSince = (rpRef: string, from: number): Between => ({
  pk: pkOf('REFUSAL', rpRef),
  from: refusalKey(rpRef, from).sk,
  to: 'REFUSAL$',
});
/**
 * Returns the partition of an RP's refused ceremonies. The service reads this partition to count and delete its items.
 */
export const refusalsPartition = (rpRef: string): Partition => ({ pk: pkOf('REFUSAL', rpRef) });

/** Returns the key of a closing record in the service's table. The record names a customer whose data was discarded. */
export const closingRecordKey = (customerId: string): Key => single('CLOSING-RECORD', customerId);
/**
 * The range of all closing records in the separate table of closing records. All of these records are in one partition,
 * so that the service can read them in one range after its own table is restored from a backup.
 */
export const keptClosingRecords: Range = { pk: 'CLOSING-RECORD', prefix: 'cus_' };
export const keptClosingRecordKey = (customerId: string): Key => ({ pk: keptClosingRecords.pk, sk: customerId });

// --- Operators ------------------------------------------------------------------------------------------------------

/**
 * The range of the list of operators: the people who may sign in to the operators' pages. All of them are in one
 * partition, so the command line lists them with one query. Only the operator's command line may write this partition.
 * The API may only read it, so no request to the API can make anybody an operator.
 */
export const operatorList: Range = { pk: 'OPERATORS', prefix: 'OPERATOR#' };
/**
 * Returns the key of an operator in the list. The key makes the e-mail address unique. The service reads this item with
 * each request of the operator.
 */
export const operatorKey = (email: string): Key => ({ pk: operatorList.pk, sk: `${operatorList.prefix}${email}` });
/**
 * Returns the key of the passkey of an operator, who has at most one. The passkey is not in the partition of the list,
 * because the API writes it. The service reads it when the operator signs in.
 */
export const operatorPasskeyKey = (operatorId: string): Key => ({ pk: pkOf('OPERATOR', operatorId), sk: 'PASSKEY' });
/**
 * Returns the key of an operator's session. The key contains the SHA-256 of the session's token. The service reads it
 * with each request of the operator.
 */
export const operatorSessionKey = (token: string): Key => single('OPERATOR-SESSION', sha256(token));
/**
 * Returns the key of a link with which an operator registers a passkey. The key contains the SHA-256 of the link's
 * token.
 */
export const operatorLinkKey = (token: string): Key => single('OPERATOR-LINK', sha256(token));

// --- Work under way -------------------------------------------------------------------------------------------------

/**
 * Returns the key of an e-mail to be sent. The service stores the e-mail together with the change that causes the
 * e-mail, and deletes the e-mail once SES has accepted it.
 */
export const mailKey = (mailId: string): Key => single('MAIL', mailId);
/**
 * Returns the key of a stream shard's checkpoint. The checkpoint says how far the aggregator, which updates the MAU
 * counters, has counted the stream records of the shard.
 */
export const checkpointKey = (shardId: string): Key => single('CHECKPOINT', shardId);
/**
 * Returns the key of the position at which a scheduled function, which goes through all customers, ran out of time. The
 * next run of the function continues after this position.
 */
export const cursorKey = (name: string): Key => single('CURSOR', name);
/**
 * Returns the key of a setting that must never change once the service has started, such as the service's time zone.
 */
export const settingKey = (name: string): Key => single('SETTING', name);

/**
 * The key of the item with the last month that is closed for every customer. The hourly function that closes months
 * reads only this item when there is no month to close.
 */
export const closedMonthsKey = { pk: 'CLOSED-MONTHS', sk: 'CLOSED-MONTHS' } as const satisfies Key;
/**
 * The key of the item that says which statements and closing records are copied to another place. The hourly function
 * that closes months also copies, and reads this item first.
 */
export const copiedKey = { pk: 'CLOSED-MONTHS', sk: 'COPIED' } as const satisfies Key;

/**
 * Returns the key of the FIDO Alliance's metadata about an authenticator. `id` is the authenticator's AAGUID, or the
 * identifier of the key that signs its attestations. The service reads this item when an authenticator creates a
 * credential.
 */
export const metadataKey = (id: string): Key => single('METADATA', id);
/**
 * The key of the item that says which BLOB of metadata the table contains: its number, and the IDs of its entries. Each
 * run that updates the metadata reads this item first.
 */
export const metadataIndexKey: Key = single('METADATA', 'NUMBER');

// --- The summary of all customers ------------------------------------------------------------------------------------

/** The key of the item that names the current summary of all customers. Each page of the operators reads it first. */
export const summaryKey: Key = single('OPERATOR-SUMMARY', 'CURRENT');
/** Returns the partition of one list of a summary. `slot` is the place of the summary: there are two, in turn. */
export const summaryPartition = (slot: string, list: string): Partition => ({
  pk: pkOf('OPERATOR-SUMMARY', `${slot}#${list}`),
});
/**
 * Returns the key of a part of a list. `position` is the position of its first row in the order of the list; the first
 * part has the position ''.
 */
export const summaryRowsKey = (slot: string, list: string, position: string): Key => ({
  ...summaryPartition(slot, list),
  sk: `ROWS#${position}`,
});
/**
 * Returns the range of the parts of a list up to a position. Read backwards, it begins with the part that contains the
 * position. The service reads it to show a page of the list.
 */
export const summaryRowsUpTo = (slot: string, list: string, position: string): Between => ({
  ...summaryPartition(slot, list),
  from: 'ROWS#',
  to: `ROWS#${position}`,
});

/**
 * The stream's consumers recognize their items by these prefixes of partition keys, or of sort keys where the items
 * share a partition with others.
 */
export const streamPrefixes = {
  activeUsers: { pk: prefixOf('ACTIVE') },
  mails: { pk: prefixOf('MAIL') },
  webhookDeliveries: { sk: webhookDeliveryPrefix },
} as const;

// --- The finder, our GSI --------------------------------------------------------------------------------------------

/**
 * Returns a customer's key in the finder (our GSI). The service reads these keys to list the customers for the
 * operator, to recount the MAU, and to send MAU alerts. The key contains the threshold and the further levels of the
 * customer's MAU alert while the alert is on, so the function that sends the alerts finds the customers whose alert is
 * on without reading the customer items. All customer IDs have the same length, so the keys of a bucket are sorted by
 * customer ID, whether or not a key contains a threshold.
 */
export const customerFinder = (
  customerId: string,
  threshold: number | null,
  levels: readonly string[] = [],
): FinderKey => ({
  finderPk: finderPkOf('CUSTOMERS', bucketOf(customerId)),
  finderSk: threshold === null && levels.length === 0 ? customerId : [customerId, threshold ?? '', ...levels].join('#'),
});
export const customersInBucket = (bucket: string) => ({ finderPk: finderPkOf('CUSTOMERS', bucket), prefix: '' });
/**
 * Returns the key directly after a customer's key in the finder (our GSI). Because `~` sorts after every digit, this
 * key comes after the customer's key, whatever threshold the customer's key contains.
 */
export const behindCustomer = (customerId: string): FinderKey => ({
  ...customerFinder(customerId, null),
  finderSk: `${customerId}#~`,
});
/**
 * Parses a customer's key in the finder (our GSI). Returns the customer's ID, and the threshold and the further levels
 * of the customer's MAU alert. While the alert is off, the threshold is null and there are no levels.
 */
export function parseCustomerFinder({ finderSk }: FinderKey): {
  customerId: string;
  threshold: number | null;
  levels?: string[];
} {
  const [customerId = '', threshold = '', ...levels] = finderSk.split('#');
  return { customerId, threshold: threshold === '' ? null : Number(threshold), ...(levels.length > 0 && { levels }) };
}

/**
 * Returns the key, in the finder (our GSI), of a pending alert: an MAU alert that is still to be sent. The function
 * that sends the alerts reads the pending alerts of all customers from the finder. When an alert is no longer pending,
 * the finder no longer contains the alert. `administratorId` is the recipient if this is not the representative.
 */
export const pendingAlertFinder = (
  customerId: string,
  month: string,
  threshold: number,
  administratorId?: string,
): FinderKey => ({
  finderPk: finderPkOf('PENDING-ALERTS', bucketOf(customerId)),
  finderSk: alertSk([customerId, month], threshold, administratorId),
});
export const pendingAlertsInBucket = (bucket: string) => ({
  finderPk: finderPkOf('PENDING-ALERTS', bucket),
  prefix: '',
});
/** Returns the alert that a key in the finder (our GSI) belongs to. */
export function parsePendingAlertFinder({ finderSk }: FinderKey) {
  const [customerId = '', month = '', threshold, administratorId] = finderSk.split('#');
  return { customerId, month, threshold: Number(threshold), ...(administratorId !== undefined && { administratorId }) };
}

/**
 * Returns the finder's range of all items that a customer owns outside its own partition and its RPs' partitions. The
 * service reads this range to delete the customer's data.
 */
export const ownedOf = (customerId: string) => ({ finderPk: finderPkOf('OWNED', customerId), prefix: '' });
const ownedBy = (customerId: string, finderSk: string): FinderKey => ({
  finderPk: finderPkOf('OWNED', customerId),
  finderSk,
});
export const emailFinder = (customerId: string, email: string) => ownedBy(customerId, `EMAIL#${email}`);
export const sessionFinder = (customerId: string, administratorId: string, id: string) =>
  ownedBy(customerId, `SESSION#${administratorId}#${id}`);
/** Returns the finder's range of an administrator's sessions. The service reads this range to list the sessions. */
export const sessionsOf = (customerId: string, administratorId: string) => ({
  finderPk: finderPkOf('OWNED', customerId),
  prefix: `SESSION#${administratorId}#`,
});
/** Returns the ID of a session from the key of the session's item in the finder (our GSI). */
export const sessionIdIn = ({ finderSk }: FinderKey): string => finderSk.slice(finderSk.lastIndexOf('#') + 1);
export const linkFinder = (customerId: string, token: string) => ownedBy(customerId, `LINK#${sha256(token)}`);
export const mailFinder = (customerId: string, mailId: string) => ownedBy(customerId, `MAIL#${mailId}`);
export const apiKeyFinder = (customerId: string, rpRef: string, keyId: string) =>
  ownedBy(customerId, `API-KEY#${rpRef}#${keyId}`);
/**
 * Returns the finder's range of an RP's API keys. The service reads this range to list the API keys, and to delete the
 * API keys of a removed RP.
 */
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
 * registered users begin with the same word. The handle item of a user has the kind `user-handle`, and the second item
 * of a credential has the kind `credential-info`.
 */
export const kindOf = ({ pk, sk }: Key): string => {
  const [first = '', , last] = sk.split('#');
  const word = first.toLowerCase();
  if (pk.startsWith(prefixOf('ACTIVE'))) return `active-${word}`;
  if (!pk.startsWith(prefixOf('HANDLE'))) return word;
  return word === 'user' ? 'user-handle' : last === undefined ? word : `${word}-${last.toLowerCase()}`;
};

/** Returns the ID of the RP that a partition key belongs to; undefined when the key belongs to no RP. */
export const rpOfPartition = (pk: string): string | undefined =>
  /^(?:RP|TOKEN-KEYS|SIGNED-CALL|REFUSAL)#(rp_[0-9a-z]+)$/.exec(pk)?.[1] ?? parseActiveUserPk(pk)?.rpRef;
