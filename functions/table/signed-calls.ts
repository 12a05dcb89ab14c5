import { MINUTE, toTtl } from '../domain/time.ts';
import type { Table } from './engine/client.ts';
import { isUnsetOr } from './engine/conditions.ts';
import { updateOrFail } from './engine/updates.ts';
import { signedCallKey } from './keys.ts';

/**
 * The signed messages in the FSS format that the service has accepted, so that it accepts each message only once. All
 * entries of an RP are in one partition, which the service empties when it discards the RP or its customer. A partition
 * takes 1,000 writes a second, which is the limit of the API for all requests.
 */
interface SignedCall {
  /** Identifies the request that the service accepted. */
  readonly attempt: string;
  /** The time at which the entry ends, in epoch milliseconds. DynamoDB deletes the item later. */
  readonly endsAt: number;
}

/**
 * How long an entry lasts, in milliseconds. A message is accepted while its time differs from a process's clock by at
 * most 2 minutes. So if one process accepts a message when its clock shows `now`, the message's time is at most
 * `now` + 2 minutes, and every process refuses the message because of its time when its own clock shows more than
 * `now` + 4 minutes. No process treats the entry as ended before its clock shows `now` + 5 minutes. The argument
 * compares times that processes read from their clocks with the stored time, so it holds however much the clocks
 * differ.
 */
const LASTS = 5 * MINUTE;

/** The condition that no request has used the message, or that the entry of an earlier use has ended. */
const isUnused = isUnsetOr('endsAt', 'endsAt <= :now');

/**
 * Records the use of a signed message at an RP with one conditional write of one write unit. Returns false if another
 * request has used the message. `message` identifies the message. `attempt` is a random text of the request: when
 * DynamoDB's response is lost, the SDK repeats the write, and the condition is then false because of the request's own
 * entry.
 *
 *     request     writes the entry with the attempt a, and gets no response
 *     the SDK     repeats the write: the condition is false, and the entry contains a
 *     request     goes on, because the entry is its own
 *
 * If the process dies after the write, the entry stays until its end. The caller's repetition of the same message is
 * refused, and the caller has to sign a new one.
 */
export async function useSignedMessage(
  table: Table,
  { rpRef, message, attempt, now }: { rpRef: string; message: string; attempt: string; now: number },
): Promise<boolean> {
  const endsAt = now + LASTS;
  const { failed } = await updateOrFail<SignedCall>(table, {
    Key: signedCallKey(rpRef, message),
    UpdateExpression: 'SET attempt = :attempt, endsAt = :endsAt, #ttl = :ttl',
    ConditionExpression: isUnused,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':attempt': attempt, ':endsAt': endsAt, ':ttl': toTtl(endsAt), ':now': now },
    ReturnValues: 'NONE',
  });
  return failed === undefined || failed.item?.attempt === attempt;
}
