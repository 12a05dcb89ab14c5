import { administratorKey, administratorsOf } from './keys.ts';
import { readItem, readRange, readWholeRange, type Consistency } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, type Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** A person who signs in for one customer. */
export interface Administrator {
  readonly customerId: string;
  readonly administratorId: string;
  readonly name: string;
  readonly email: string;
  readonly privilege: 'administrator' | 'privileged';
  /** `provisional`: invited, has not opened a link yet. */
  readonly status: 'provisional' | 'active';
  /** Sessions of another generation are ended: it moves when the administrator loses rights. */
  readonly sessionGeneration: number;
  readonly createdAt: number;
  /** How many passkeys there are of theirs: what may be added or removed, and what a link gives, are conditions on it. @default - none */
  readonly passkeys?: number | undefined;
  /** When they were invited the last time, epoch milliseconds. @default - signed up themselves */
  readonly invitedAt?: number | undefined;
  /** While e-mails do not arrive at their address; gone once a link sent there was opened, or with another address. */
  readonly undeliverable?: true | undefined;
}

export function readAdministrator(table: Table, customerId: string, administratorId: string, consistency: Consistency) {
  return readItem<Administrator>(table, administratorKey(customerId, administratorId), consistency);
}

/** Reads up to `limit` administrators of a customer behind the one with the ID `after`. */
export function readAdministrators(table: Table, customerId: string, limit: number, after: string | undefined) {
  return readRange<Administrator>(table, administratorsOf(customerId), {
    consistency: 'strong',
    limit,
    after: after && administratorKey(customerId, after).sk,
  });
}

/** Reads every administrator of a customer. */
export function readAllAdministrators(table: Table, customerId: string) {
  return readWholeRange<Administrator>(table, administratorsOf(customerId), 'strong');
}

export function putAdministrator(administrator: Administrator): Write {
  return {
    Put: {
      Item: { ...administratorKey(administrator.customerId, administrator.administratorId), ...administrator },
      ConditionExpression: absent,
    },
  };
}

/** Gives the condition that an administrator has as many passkeys as when they were read: items of before passkeys have no count. */
const hasPasskeys = (read: number) =>
  read === 0 ? '(attribute_not_exists(passkeys) OR passkeys = :read)' : 'passkeys = :read';

/**
 * Removes an administrator: no session of theirs is accepted from then on, since each request reads this item. In a
 * transaction with their passkeys, which fails when the number of those is not the one that was read.
 */
export function deleteAdministrator({ customerId, administratorId, passkeys = 0 }: Administrator): Write {
  return {
    Delete: {
      Key: administratorKey(customerId, administratorId),
      ConditionExpression: `${exists} AND ${hasPasskeys(passkeys)}`,
      ExpressionAttributeValues: { ':read': passkeys },
    },
  };
}

/** Discards an administrator with their customer, there or not. */
export function discardAdministrator({ customerId, administratorId }: Administrator): Write {
  return { Delete: { Key: administratorKey(customerId, administratorId) } };
}

/**
 * Makes an administrator active who opened a link sent to their present address: e-mails arrive there. Fails when they
 * got their first passkey since they were read, from when on a link only recovers.
 */
export function activateAdministrator({ customerId, administratorId, email, passkeys = 0 }: Administrator): Write {
  const stillHasSome = passkeys > 0 ? 'passkeys > :none' : '(attribute_not_exists(passkeys) OR passkeys = :none)';
  return {
    Update: {
      Key: administratorKey(customerId, administratorId),
      UpdateExpression: 'SET #status = :active REMOVE undeliverable',
      ConditionExpression: `email = :email AND ${stillHasSome}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':active': 'active', ':email': email, ':none': 0 },
    },
  };
}

/** Nobody took rights from the administrator, nor removed them, since they were read. */
const stillHasRights = 'sessionGeneration = :readGeneration';

/** Checks that whoever changes something still has the rights with which the request was authenticated. */
export function checkCaller({ customerId, administratorId, sessionGeneration }: Administrator): Write {
  return {
    ConditionCheck: {
      Key: administratorKey(customerId, administratorId),
      ConditionExpression: stillHasRights,
      ExpressionAttributeValues: { ':readGeneration': sessionGeneration },
    },
  };
}

/** Counts a passkey of whoever adds it, who still has the rights of when the request was authenticated, up to `max`. */
export function countPasskeyIn(
  { customerId, administratorId, sessionGeneration, passkeys = 0 }: Administrator,
  max: number,
): Write {
  return {
    Update: {
      Key: administratorKey(customerId, administratorId),
      UpdateExpression: 'ADD passkeys :added',
      ConditionExpression: `${stillHasRights} AND ${passkeys === 0 ? hasPasskeys(0) : 'passkeys < :max'}`,
      ExpressionAttributeValues: {
        ':added': 1,
        ...(passkeys === 0 ? { ':read': 0 } : { ':max': max }),
        ':readGeneration': sessionGeneration,
      },
    },
  };
}

/** Counts a passkey of whoever removes it, who still has those rights, unless it is the last one. */
export function countPasskeyOut({ customerId, administratorId, sessionGeneration }: Administrator): Write {
  return {
    Update: {
      Key: administratorKey(customerId, administratorId),
      UpdateExpression: 'ADD passkeys :removed',
      ConditionExpression: `${stillHasRights} AND passkeys > :last`,
      ExpressionAttributeValues: { ':removed': -1, ':last': 1, ':readGeneration': sessionGeneration },
    },
  };
}

/**
 * Makes an active administrator privileged, as a representative is. Somebody who makes themselves privileged must
 * still have the rights with which the request was authenticated: `isCaller`.
 */
export function makePrivileged(
  { customerId, administratorId, sessionGeneration }: Administrator,
  { isCaller }: { isCaller: boolean },
): Write {
  return {
    Update: {
      Key: administratorKey(customerId, administratorId),
      UpdateExpression: 'SET privilege = :privileged',
      ConditionExpression: isCaller ? `#status = :active AND ${stillHasRights}` : '#status = :active',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':privileged': 'privileged',
        ':active': 'active',
        ...(isCaller && { ':readGeneration': sessionGeneration }),
      },
    },
  };
}

/** Edits name and privilege of an administrator that is still as it was read. Ends their sessions when `endSessions`. */
export function updateAdministrator(
  read: Administrator,
  edited: Pick<Administrator, 'name' | 'privilege'>,
  endSessions: boolean,
): Write {
  return {
    Update: {
      Key: administratorKey(read.customerId, read.administratorId),
      UpdateExpression: 'SET #name = :name, privilege = :privilege, sessionGeneration = :generation',
      ConditionExpression: '#name = :readName AND privilege = :readPrivilege AND sessionGeneration = :readGeneration',
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
 * Replaces an administrator's e-mail address, if it is still the one that was read. When they start anew, their sessions
 * end and none of their passkeys is left: in a transaction with the deletion of those that were read. Of one without a
 * passkey it fails when the first one was added meanwhile.
 */
export function setAdministratorEmail(read: Administrator, email: string, startsAnew: boolean): Write {
  const { passkeys = 0 } = read;
  const mustHaveAsMany = startsAnew || passkeys === 0;
  return {
    Update: {
      Key: administratorKey(read.customerId, read.administratorId),
      UpdateExpression: `SET email = :email${startsAnew ? ', passkeys = :none' : ''} REMOVE undeliverable ADD sessionGeneration :ended`,
      ConditionExpression: `email = :readEmail AND ${stillHasRights}${mustHaveAsMany ? ` AND ${hasPasskeys(passkeys)}` : ''}`,
      ExpressionAttributeValues: {
        ':email': email,
        ':readEmail': read.email,
        ':readGeneration': read.sessionGeneration,
        ':ended': startsAnew ? 1 : 0,
        ...(startsAnew && { ':none': 0 }),
        ...(mustHaveAsMany && { ':read': passkeys }),
      },
    },
  };
}

/** Marks an administrator as one at whose address e-mails do not arrive, unless it is another one now. */
export async function markUndeliverable(
  table: Table,
  { customerId, administratorId, email }: Pick<Administrator, 'customerId' | 'administratorId' | 'email'>,
): Promise<void> {
  await updateWhile(table, {
    Key: administratorKey(customerId, administratorId),
    UpdateExpression: 'SET undeliverable = :true',
    ConditionExpression: 'email = :email',
    ExpressionAttributeValues: { ':true': true, ':email': email },
  });
}

/** Invites an administrator again who is there and still provisional: from now on the invitation is as good as a new one. */
export function inviteAgain({ customerId, administratorId }: Administrator, now: number): Write {
  return {
    Update: {
      Key: administratorKey(customerId, administratorId),
      UpdateExpression: 'SET invitedAt = :now',
      ConditionExpression: '#status = :provisional',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':provisional': 'provisional', ':now': now },
    },
  };
}

/**
 * Removes an administrator who was invited and is still provisional, unless they were invited again since they were read.
 * Nobody is provisional who ever signed in: there are no sessions and no passkeys of theirs, and links only lead to this item.
 */
export function removeInvitation({ customerId, administratorId, invitedAt }: Administrator): Write {
  return {
    Delete: {
      Key: administratorKey(customerId, administratorId),
      ConditionExpression: '#status = :provisional AND invitedAt = :invitedAt',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':provisional': 'provisional', ':invitedAt': invitedAt },
    },
  };
}
