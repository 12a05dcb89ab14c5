import { emailFinder, emailKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, isSet } from './engine/conditions.ts';
import { readItem } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/**
 * An e-mail address, and the administrator that the address belongs to. An address belongs to an administrator from the
 * moment when the administrator opens a link that was sent to the address. Until then, the item contains only a claim:
 * anybody can type an address, so a claim reserves nothing.
 */
export interface Email {
  readonly email: string;
  readonly customerId: string;
  readonly administratorId: string;
  /**
   * Set while nobody has opened a link that was sent to the address.
   * @default - the address belongs to the administrator
   */
  readonly claim?: Claim | undefined;
}
/** The latest sign-up with an e-mail address that belongs to nobody, or the latest invitation to the address. */
export interface Claim {
  readonly by: 'sign-up' | 'invitation';
  /** The time from which the claim has no effect, in epoch milliseconds. */
  readonly endsAt: number;
}
type Owned = Pick<Email, 'email' | 'administratorId'>;
type Claimed = Email & { readonly claim: Claim };

/** An address in the finder (our GSI) belongs to an administrator. A claim is in no index. */
const itemOf = ({ email, customerId, administratorId }: Email) => ({
  ...emailKey(email),
  ...emailFinder(customerId, email),
  ...{ email, customerId, administratorId },
});

/** The condition that the item names the administrator, who owns or claims the address. */
const isTheirs = 'administratorId = :administratorId';
const theirValue = ({ administratorId }: Pick<Email, 'administratorId'>) => ({ ':administratorId': administratorId });
/** The condition that the address belongs to nobody. */
const isNobodys = `(${absent} OR ${isSet('claim')})`;

/**
 * Reads an e-mail address with a strongly consistent read. Returns undefined when nobody owns or claims the address.
 * May return a claim that has ended.
 */
export function readEmail(table: Table, email: string) {
  return readItem<Email>(table, emailKey(email), 'strong');
}

/**
 * Claims an e-mail address for a sign-up; fails when the address belongs to an administrator. Replaces every earlier
 * claim, so the latest sign-up with the address wins. `ttl` is the time, in seconds since the epoch, after which
 * DynamoDB may delete the claim.
 */
export function claimBySignUp(claimed: Claimed, ttl: number): Write<Email> {
  return { Put: { Item: { ...emailKey(claimed.email), ...claimed, ttl }, ConditionExpression: isNobodys } };
}

/**
 * Claims an e-mail address for an invitation. Replaces an earlier invitation's claim, and a claim that ended before
 * `now`. Fails when the address belongs to an administrator, and when a sign-up claims the address: an invitation must
 * not disable the link of a sign-up.
 */
export function claimByInvitation(claimed: Claimed, ttl: number, now: number): Write<Email> {
  return {
    Put: {
      Item: { ...emailKey(claimed.email), ...claimed, ttl },
      ConditionExpression: `${absent} OR claim.#by = :invitation OR claim.endsAt <= :now`,
      ExpressionAttributeNames: { '#by': 'by' },
      ExpressionAttributeValues: { ':invitation': 'invitation', ':now': now },
    },
  };
}

/**
 * Assigns an e-mail address to an administrator who has proven that they receive e-mails at the address. Removes every
 * claim. Fails when the address belongs to another administrator.
 */
export function giveEmail(email: Email): Write<Email> {
  return {
    Put: {
      Item: itemOf(email),
      ConditionExpression: `${isNobodys} OR ${isTheirs}`,
      ExpressionAttributeValues: theirValue(email),
    },
  };
}

/**
 * Assigns an e-mail address to an administrator who signed up and opened the activation link. Fails unless the
 * administrator's sign-up is the latest one with the address.
 */
export function giveClaimedEmail(email: Email): Write<Email> {
  return {
    Put: { Item: itemOf(email), ConditionExpression: isTheirs, ExpressionAttributeValues: theirValue(email) },
  };
}

/**
 * Deletes the item of an e-mail address that an administrator owns or claims. Fails when the item does not name the
 * administrator.
 */
export function freeEmail(owned: Owned): Write<Email> {
  return {
    Delete: {
      Key: emailKey(owned.email),
      ConditionExpression: isTheirs,
      ExpressionAttributeValues: theirValue(owned),
    },
  };
}

/** Checks that an administrator neither owns nor claims an e-mail address. */
export function checkNotTheirEmail(owned: Owned): Write<Email> {
  return {
    ConditionCheck: {
      Key: emailKey(owned.email),
      ConditionExpression: `${absent} OR administratorId <> :administratorId`,
      ExpressionAttributeValues: theirValue(owned),
    },
  };
}
