import { createHash } from 'node:crypto';
import { AwsError, json, readJsonCall, unknownOperation, type AwsService } from './service.ts';
import type { Queue } from './queue.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}

/** The largest size of a message and of a batch, in bytes (AWS, "Amazon SQS message quotas"). */
const MAX_SIZE = 1_048_576;
const MAX_ENTRIES = 10;
const LONGEST_DELAY = 900;

/** Creates SQS's API for the queues of a cloud. */
export function createSqs(queues: readonly Queue[]): AwsService {
  return (call) => {
    const { operation, input } = readJsonCall(call);
    const queue = queues.find(({ url }) => url === input['QueueUrl']);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    const needs = [{ action: 'sqs:SendMessage', resource: queue.arn }];
    if (operation === 'SendMessage') {
      const entry = { Id: '0', ...input } as unknown as Entry;
      check([entry]);
      return { needs, run: () => json(sent(queue, entry)) };
    }
    if (operation !== 'SendMessageBatch') return unknownOperation('SQS', operation);
    const entries = input['Entries'] as readonly Entry[];
    check(entries);
    return {
      needs,
      run: () => json({ Successful: entries.map((entry) => ({ Id: entry.Id, ...sent(queue, entry) })) }),
    };
  };
}

/** Sends a message, and returns what SQS answers. The SDK compares the digest with that of its own message. */
const sent = (queue: Queue, { MessageBody, DelaySeconds }: Entry) => ({
  MessageId: queue.send(MessageBody, DelaySeconds),
  MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
});

/** Throws for messages that SQS refuses. */
function check(entries: readonly Entry[]): void {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry.');
  if (entries.length > MAX_ENTRIES) throw new AwsError('TooManyEntriesInBatchRequest', `${entries.length} entries.`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Same IDs.');
  const size = entries.reduce((bytes, { MessageBody }) => bytes + Buffer.byteLength(MessageBody), 0);
  if (size > MAX_SIZE) throw new AwsError('BatchRequestTooLong', `${size} bytes.`);
  for (const { MessageBody, DelaySeconds = 0 } of entries) {
    if (MessageBody === '') throw new AwsError('MissingParameter', 'The message body is empty.');
    if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > LONGEST_DELAY) {
      throw new AwsError(
        'InvalidParameterValue',
        `The delay ${DelaySeconds} is not an integer from 0 to ${LONGEST_DELAY}.`,
      );
    }
  }
}
