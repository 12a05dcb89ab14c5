import type { Language } from '../domain/mail/languages.ts';
import type { ChosenNotices } from '../domain/mail/notice-kinds.ts';
import { administratorKey, administratorsOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, isUnset, isUnsetOr } from './engine/conditions.ts';
import { readItem, readItems, readRange, readWholeRange, type Consistency, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** A person who signs in to manage one customer. */
export interface Administrator {
  readonly customerId: string;
  readonly administratorId: string;
  readonly name: string;
  readonly email: string;
  readonly privilege: 'administrator' | 'privileged';
  /** `provisional` until the administrator opens a link that was sent to their e-mail address. */
  readonly status: 'provisional' | 'active';
  /** Increases when the administrator loses rights. The administrator's sessions with a lower generation then end. */
  readonly sessionGeneration: number;
  readonly createdAt: number;
  /**
   * How often the e-mail address was replaced. Sessions and links that belong to an address store this number, so they
   * stay without effect if the administrator later returns to the same address. @default - never
   */
  readonly emailVersion?: number | undefined;
  /**
   * The number of the administrator's passkeys. The writes that add or remove passkeys, and the write that signs an
   * administrator in by a link, have conditions on this number. @default - none
   */
  readonly passkeys?: number | undefined;
  /**
   * The time from which the administrator counts as one who has a passkey, in epoch milliseconds. Set when an
   * administrator who does not count as one adds a passkey without a recent sign-in, and removed when the administrator
   * adds a passkey with one. @default - the administrator counts as one as soon as they have a passkey
   */
  readonly passkeysCountFrom?: number | undefined;
  /**
   * The time of the administrator's last invitation, in epoch milliseconds. @default - the administrator signed up and
   * was not invited
   */
  readonly invitedAt?: number | undefined;
  /**
   * True while e-mails do not reach the administrator's address. A write removes this attribute when the administrator
   * opens a link that was sent to this address, or changes the address.
   */
  readonly undeliverable?: true | undefined;
  /**
   * The time, in epoch milliseconds, at which a recovery link added a passkey and a recovery hold began. This time
   * identifies the recovery: the passkeys that the recovery added have the same `recoveredAt`. Further recovery links
   * that add passkeys during the hold belong to the same recovery. @default - no recovery
   */
  readonly recoveredAt?: number | undefined;
  /**
   * The end of the recovery hold, in epoch milliseconds. The attribute stays after the hold has ended. @default - no
   * recovery
   */
  readonly recoveryHoldUntil?: number | undefined;
  /** The language of the e-mails to the administrator. @default - English */
  readonly language?: Language | undefined;
  /**
   * Which notices the administrator gets, for each kind about which the administrator chose otherwise than the default.
   * @default - the administrator gets all kinds while they are the representative, and none otherwise
   */
  readonly notices?: ChosenNotices | undefined;
}

type Id = Pick<Administrator, 'customerId' | 'administratorId'>;

/** Returns the key of an administrator. */
export const administratorAt = ({ customerId, administratorId }: Id): KeyOf<Administrator> =>
  administratorKey(customerId, administratorId);

/**
 * Reads administrators of a customer with one eventually consistent batch read. Returns those who exist, by ID. The IDs
 * must be distinct.
 */
export async function readAdministratorsById(
  table: Table,
  customerId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Administrator>> {
  const keys = ids.map((administratorId) => administratorAt({ customerId, administratorId }));
  const found = await readItems<Administrator>(table, keys, 'eventual');
  return new Map(found.flatMap((one) => (one ? [[one.administratorId, one] as const] : [])));
}

/**
 * Reads administrators of any customers with eventually consistent reads. Returns them in the order of `ids`, with
 * undefined for each ID without an administrator. The IDs must be distinct.
 */
export function readAdministratorsOf(table: Table, ids: readonly Id[]) {
  return readItems<Administrator>(table, ids.map(administratorAt), 'eventual');
}

/** Reads an administrator. Returns undefined when the administrator does not exist. */
export function readAdministrator(table: Table, customerId: string, administratorId: string, consistency: Consistency) {
  return readItem<Administrator>(table, administratorAt({ customerId, administratorId }), consistency);
}

/** Reads up to `limit` administrators of a customer, sorted by ID, beginning after the ID `after`. */
export function readAdministrators(table: Table, customerId: string, limit: number, after: string | undefined) {
  return readRange<Administrator>(table, administratorsOf(customerId), {
    consistency: 'strong',
    limit,
    after,
  });
}

/** Reads every administrator of a customer. By default, the reads are strongly consistent. */
export function readAllAdministrators(table: Table, customerId: string, consistency: Consistency = 'strong') {
  return readWholeRange<Administrator>(table, administratorsOf(customerId), consistency);
}

/**
 * Creates an administrator; fails when an administrator with the same ID exists. If the customer is provisional, `ttl`
 * is the time, in seconds since the epoch, after which DynamoDB may delete the item.
 */
export function putAdministrator(administrator: Administrator, ttl?: number): Write<Administrator> {
  const Item = { ...administratorAt(administrator), ...administrator, ...(ttl !== undefined && { ttl }) };
  return { Put: { Item, ConditionExpression: absent } };
}

/** The condition that the administrator is active, which means that the administrator has opened an e-mailed link. */
const whileActive = '#status = :active';
/**
 * The condition that the administrator is provisional, which means that the administrator has not opened an e-mailed
 * link.
 */
const whileProvisional = '#status = :provisional';
const statusName = { '#status': 'status' } as const;
/** The placeholder of the language, because `language` is a reserved word in DynamoDB. */
const languageName = { '#language': 'language' } as const;

/**
 * The condition that the administrator's number of passkeys has not changed since the administrator's item was read. If
 * an item contains no number of passkeys, the administrator has no passkeys.
 */
const samePasskeys = (read: number) =>
  read === 0 ? isUnsetOr('passkeys', 'passkeys = :readPasskeys') : 'passkeys = :readPasskeys';

/** The condition that the attribute `passkeysCountFrom` has not changed since the administrator's item was read. */
const samePasskeysCountFrom = ({ passkeysCountFrom }: Administrator) =>
  passkeysCountFrom === undefined ? isUnset('passkeysCountFrom') : 'passkeysCountFrom = :readCountFrom';
const passkeysCountFromValue = ({ passkeysCountFrom }: Administrator) =>
  passkeysCountFrom === undefined ? {} : { ':readCountFrom': passkeysCountFrom };

/** The condition that the administrator's e-mail address has not changed since the administrator's item was read. */
const sameEmail = 'email = :readEmail';

/** The condition that the administrator still exists and has lost no rights since the administrator's item was read. */
const sameRights = 'sessionGeneration = :readGeneration';

/** The condition that no recovery began, was extended or was undone after the administrator's item was read. */
const sameRecovery = ({ recoveryHoldUntil }: Administrator) =>
  recoveryHoldUntil === undefined ? isUnset('recoveryHoldUntil') : 'recoveryHoldUntil = :readHoldUntil';
const recoveryValue = ({ recoveryHoldUntil }: Administrator) =>
  recoveryHoldUntil === undefined ? {} : { ':readHoldUntil': recoveryHoldUntil };

/**
 * Removes an administrator. Each request reads the administrator's item, so the administrator's sessions end when the
 * item is removed. Fails when the status, the privilege or the number of passkeys changed after the administrator's
 * item was read: another status means that the administrator now owns an e-mail address, and a caller in a recovery
 * hold must not remove a privileged administrator. This write belongs in one transaction with the removal of the
 * administrator's passkeys and e-mail address.
 */
export function deleteAdministrator(read: Administrator): Write<Administrator> {
  const { status, privilege, passkeys = 0 } = read;
  return {
    Delete: {
      Key: administratorAt(read),
      ConditionExpression: `#status = :readStatus AND privilege = :readPrivilege AND ${samePasskeys(passkeys)}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ':readStatus': status, ':readPrivilege': privilege, ':readPasskeys': passkeys },
    },
  };
}

/**
 * Removes an administrator while the service deletes the data of the administrator's customer. Does not fail when the
 * administrator does not exist.
 */
export function discardAdministrator(administrator: Administrator): Write<Administrator> {
  return { Delete: { Key: administratorAt(administrator) } };
}

/**
 * Makes a provisional administrator active after the administrator opened an activation link. Also removes the
 * attribute `undeliverable`, because the e-mail with the link has reached the administrator, and the TTL, which the
 * administrator of a provisional customer has. Fails when the administrator is no longer provisional. This write
 * belongs in one transaction with the write that gives the e-mail address to the administrator. Stores `language` as
 * the administrator's language, if it is given.
 */
export function activateAdministrator(read: Administrator, language?: Language): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: `SET #status = :active${language ? ', #language = :language' : ''} REMOVE undeliverable, #ttl`,
      ConditionExpression: `${whileProvisional} AND ${sameEmail}`,
      ExpressionAttributeNames: { ...statusName, '#ttl': 'ttl', ...(language && languageName) },
      ExpressionAttributeValues: {
        ':active': 'active',
        ':provisional': 'provisional',
        ':readEmail': read.email,
        ...(language && { ':language': language }),
      },
    },
  };
}

/**
 * Removes the attribute `undeliverable` of an active administrator who opened a sign-in link, because the e-mail with
 * the link has reached the administrator. Fails when, after the administrator's item was read, the e-mail address
 * changed, the first passkey was added, the last passkey was removed, or `passkeysCountFrom` changed. The write checks
 * the passkeys because the rights of the new session depend on them: an administrator who counts as one who has a
 * passkey, and signs in by a link, may only add a passkey.
 */
export function receiveSignInLink(read: Administrator): Write<Administrator> {
  const { email, passkeys = 0 } = read;
  const stillHasSome = passkeys > 0 ? 'passkeys > :none' : isUnsetOr('passkeys', 'passkeys = :none');
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: 'REMOVE undeliverable',
      ConditionExpression: `${whileActive} AND ${sameEmail} AND ${stillHasSome} AND ${samePasskeysCountFrom(read)}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ':active': 'active',
        ':readEmail': email,
        ':none': 0,
        ...passkeysCountFromValue(read),
      },
    },
  };
}

/**
 * Checks that the caller, the administrator who sends the request, has lost no rights since the request was
 * authenticated.
 */
export function checkCaller(caller: Administrator): Write<Administrator> {
  const { sessionGeneration } = caller;
  return {
    ConditionCheck: {
      Key: administratorAt(caller),
      ConditionExpression: sameRights,
      ExpressionAttributeValues: { ':readGeneration': sessionGeneration },
    },
  };
}

/**
 * Sets the language of the e-mails to the caller, and which notices the caller gets. Fails when the caller lost rights
 * after the request was authenticated.
 */
export function updateMailSettings(
  caller: Administrator,
  { language, notices }: { readonly language: Language; readonly notices: ChosenNotices },
): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(caller),
      UpdateExpression: 'SET #language = :language, notices = :notices',
      ConditionExpression: sameRights,
      ExpressionAttributeNames: languageName,
      ExpressionAttributeValues: {
        ':language': language,
        ':notices': notices,
        ':readGeneration': caller.sessionGeneration,
      },
    },
  };
}

/** A recovery as the administrator's item stores it. Both times are epoch milliseconds. */
export type Recovery = Required<Pick<Administrator, 'recoveredAt' | 'recoveryHoldUntil'>>;

/**
 * Adds 1 to the caller's count of passkeys, for a passkey that the caller adds, and stores what the administrator's
 * item says about passkeys from then on. If `recovery` is given, a recovery link adds the passkey, and the write also
 * stores the recovery. Fails when the caller lost rights after the request was authenticated, and when the caller
 * already has `max` passkeys. Also fails when, after the request was authenticated, the caller got a first passkey, a
 * recovery link added a passkey, or `passkeysCountFrom` changed.
 */
export function countPasskeyIn(
  caller: Administrator,
  max: number,
  { recovery, passkeysCountFrom }: { recovery: Recovery | undefined; passkeysCountFrom: number | undefined },
): Write<Administrator> {
  const { sessionGeneration, passkeys = 0 } = caller;
  const stored = { ...recovery, ...(passkeysCountFrom !== undefined && { passkeysCountFrom }) };
  const names = Object.keys(stored);
  const set = names.length > 0 ? `SET ${names.map((name) => `${name} = :${name}`).join(', ')} ` : '';
  const remove = passkeysCountFrom === undefined ? 'REMOVE passkeysCountFrom ' : '';
  return {
    Update: {
      Key: administratorAt(caller),
      UpdateExpression: `${set}${remove}ADD passkeys :added`,
      ConditionExpression: `${sameRights} AND ${sameRecovery(caller)} AND ${samePasskeysCountFrom(caller)} AND ${passkeys === 0 ? samePasskeys(0) : 'passkeys < :max'}`,
      ExpressionAttributeValues: {
        ':added': 1,
        ...(passkeys === 0 ? { ':readPasskeys': 0 } : { ':max': max }),
        ':readGeneration': sessionGeneration,
        ...recoveryValue(caller),
        ...passkeysCountFromValue(caller),
        ...Object.fromEntries(Object.entries(stored).map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/**
 * Subtracts 1 from the caller's count of passkeys, for a passkey that the caller removes. Fails when the passkey is the
 * caller's last passkey, and when, after the request was authenticated, the caller lost rights or a recovery link added
 * a passkey.
 */
export function countPasskeyOut(caller: Administrator): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(caller),
      UpdateExpression: 'ADD passkeys :removed',
      ConditionExpression: `${sameRights} AND ${sameRecovery(caller)} AND passkeys > :last`,
      ExpressionAttributeValues: {
        ':removed': -1,
        ':last': 1,
        ':readGeneration': caller.sessionGeneration,
        ...recoveryValue(caller),
      },
    },
  };
}

/**
 * Removes the recovery from an administrator's item, ends the administrator's sessions and sets the count of passkeys
 * to `kept`. This write belongs in one transaction with the writes that delete the passkeys of the recovery. Fails when
 * the passkeys or the recovery changed after the administrator's item was read. If `caller` is given, the administrator
 * is the caller, and the write also fails when the caller lost rights after the request was authenticated.
 */
export function removeRecovery(read: Administrator, kept: number, caller?: Administrator): Write<Administrator> {
  const { passkeys = 0 } = read;
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: 'SET passkeys = :kept REMOVE recoveredAt, recoveryHoldUntil ADD sessionGeneration :ended',
      ConditionExpression: `${exists} AND ${sameRecovery(read)} AND ${samePasskeys(passkeys)}${caller ? ` AND ${sameRights}` : ''}`,
      ExpressionAttributeValues: {
        ':kept': kept,
        ':ended': 1,
        ':readPasskeys': passkeys,
        ...recoveryValue(read),
        ...(caller && { ':readGeneration': caller.sessionGeneration }),
      },
    },
  };
}

/**
 * Ends all sessions of the caller, including the session of the request. Fails when the caller lost rights after the
 * request was authenticated.
 */
export function endSessions(caller: Administrator): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(caller),
      UpdateExpression: 'ADD sessionGeneration :ended',
      ConditionExpression: sameRights,
      ExpressionAttributeValues: { ':ended': 1, ':readGeneration': caller.sessionGeneration },
    },
  };
}

/**
 * Makes an active administrator privileged. Fails when the administrator is not active. This write belongs in one
 * transaction with the write that makes this administrator the representative, because every representative is
 * privileged. If `isCaller` is true, the administrator is the caller, and the write also fails when the caller lost
 * rights after the request was authenticated.
 */
export function makePrivileged(read: Administrator, { isCaller }: { isCaller: boolean }): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: 'SET privilege = :privileged',
      ConditionExpression: isCaller ? `${whileActive} AND ${sameRights}` : whileActive,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ':privileged': 'privileged',
        ':active': 'active',
        ...(isCaller && { ':readGeneration': read.sessionGeneration }),
      },
    },
  };
}

/**
 * Sets an administrator's name and privilege. If `endSessions` is true, the write also ends all sessions of the
 * administrator. Fails when the name, the privilege or the session generation changed after the administrator's item
 * was read.
 */
export function updateAdministrator(
  read: Administrator,
  edited: Pick<Administrator, 'name' | 'privilege'>,
  endSessions: boolean,
): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: 'SET #name = :name, privilege = :privilege, sessionGeneration = :generation',
      ConditionExpression: `#name = :readName AND privilege = :readPrivilege AND ${sameRights}`,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: {
        ':name': edited.name,
        ':privilege': edited.privilege,
        ':generation': read.sessionGeneration + (endSessions ? 1 : 0),
        ':readName': read.name,
        ':readPrivilege': read.privilege,
        ':readGeneration': read.sessionGeneration,
      },
    },
  };
}

/**
 * Replaces an administrator's e-mail address and removes the attribute `undeliverable`. Fails when the address changed
 * or the administrator lost rights after the administrator's item was read, and when a recovery began after the read.
 * If `startsAnew` is true, the write also ends the administrator's sessions, removes the recovery and sets the count of
 * passkeys to 0. It then belongs in one transaction with the writes that delete the administrator's passkeys. If
 * `startsAnew` is true or the administrator has no passkey, the write also fails when the number of passkeys changed
 * after the administrator's item was read.
 */
export function setAdministratorEmail(read: Administrator, email: string, startsAnew: boolean): Write<Administrator> {
  const { passkeys = 0 } = read;
  const mustHaveAsMany = startsAnew || passkeys === 0;
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: `SET email = :email${startsAnew ? ', passkeys = :none' : ''} REMOVE undeliverable${startsAnew ? ', recoveredAt, recoveryHoldUntil, passkeysCountFrom' : ''} ADD sessionGeneration :ended, emailVersion :one`,
      ConditionExpression: `${sameEmail} AND ${sameRights} AND ${sameRecovery(read)}${mustHaveAsMany ? ` AND ${samePasskeys(passkeys)}` : ''}`,
      ExpressionAttributeValues: {
        ':email': email,
        ':readEmail': read.email,
        ':readGeneration': read.sessionGeneration,
        ...recoveryValue(read),
        ':ended': startsAnew ? 1 : 0,
        ':one': 1,
        ...(startsAnew && { ':none': 0 }),
        ...(mustHaveAsMany && { ':readPasskeys': passkeys }),
      },
    },
  };
}

/**
 * Stores that e-mails do not reach an administrator. Changes nothing when the administrator's e-mail address changed
 * after the administrator's item was read.
 */
export async function markUndeliverable(table: Table, read: Id & Pick<Administrator, 'email'>): Promise<void> {
  await updateWhile(table, {
    Key: administratorAt(read),
    UpdateExpression: 'SET undeliverable = :true',
    ConditionExpression: sameEmail,
    ExpressionAttributeValues: { ':true': true, ':readEmail': read.email },
  });
}

/** Restarts the 7 days for which an invitation is valid. Fails when the administrator is no longer provisional. */
export function inviteAgain(read: Administrator, now: number): Write<Administrator> {
  return {
    Update: {
      Key: administratorAt(read),
      UpdateExpression: 'SET invitedAt = :now',
      ConditionExpression: whileProvisional,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ':provisional': 'provisional', ':now': now },
    },
  };
}

/** Checks that an administrator exists and has not opened an activation link. */
export function checkProvisional(invited: Id): Write<Administrator> {
  return {
    ConditionCheck: {
      Key: administratorAt(invited),
      ConditionExpression: whileProvisional,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ':provisional': 'provisional' },
    },
  };
}

/**
 * Removes an invited administrator. Fails when the administrator is no longer provisional, or was invited again after
 * the administrator's item was read. A provisional administrator has never signed in, and so has no sessions and no
 * passkeys. The links that were e-mailed to the administrator do not work without the administrator's item.
 */
export function removeInvitation(read: Administrator): Write<Administrator> {
  return {
    Delete: {
      Key: administratorAt(read),
      ConditionExpression: `${whileProvisional} AND invitedAt = :readInvitedAt`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ':provisional': 'provisional', ':readInvitedAt': read.invitedAt },
    },
  };
}
