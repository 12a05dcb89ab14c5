import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionConflictException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { ConflictError, UnavailableError } from './unavailable-error.ts';

/** The table and the client that reaches it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  /** Returns a random number of at least 0 and below 1, for the jitter between tries. */
  readonly random: () => number;
}

/**
 * Opens the table with this name. The SDK tries each call up to 4 times, for at most 2 seconds each. Calls that still fail
 * because of throttling, the server or the network throw `UnavailableError`. The API then answers 503, and clients try
 * again.
 */
export function openTable(name: string, { random, ...config }: DynamoDBClientConfig & Pick<Table, 'random'>): Table {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
    ...config,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        // A single write conflicted with a transaction on its item. The SDK does not retry this conflict.
        if (error instanceof TransactionConflictException) throw new ConflictError(error.message, { cause: error });
        throw isPassing(error) ? new UnavailableError('The table did not answer in time', { cause: error }) : error;
      }
    },
    { step: 'initialize', name: 'unavailable' },
  );
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    name,
    random,
  };
}

/**
 * Returns the table for the duration of one request: when the signal is aborted, the calls that have not ended are
 * cancelled and no other call is possible. Lambda freezes a process after its answer and thaws it with the next
 * request, perhaps an hour later:
 *
 *     answered, out of time   frozen … thawed   a read that had begun ends; without the signal, a write would follow,
 *                                               to a month that is closed, or a customer that is discarded, meanwhile
 */
export function untilAborted({ client, ...table }: Table, abortSignal: AbortSignal): Table {
  const send = (command: Parameters<typeof client.send>[0]) => client.send(command, { abortSignal });
  return { client: Object.create(client, { send: { value: send } }) as DynamoDBDocumentClient, ...table };
}

type SdkError = Parameters<typeof isTransientError>[0];
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    // On a busy machine, a time-out shows as an aborted call. The end of a request aborts its calls too.
    (error.name === 'AbortError' ||
      error.name.startsWith('TimeoutError') ||
      [isThrottlingError, isTransientError, isServerError].some((test) => test(error as SdkError)))
  );
}

/** Returns whether a write failed because its condition was false. */
export function isConditionFailed(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}
