import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionConflictException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { ConflictError, UnavailableError } from './unavailable-error.ts';

/** A DynamoDB table: its name and the client that calls DynamoDB. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  /** Returns a random number of at least 0 and below 1, for the jitter of the waits between retries. */
  readonly random: () => number;
}

/**
 * Returns the table with this name, and a client that calls DynamoDB. The SDK tries each call up to 4 times, and waits
 * at most 2 seconds for each response. A call that still fails because of throttling, the server or the network throws
 * `UnavailableError`. The API then returns the HTTP status 503, and clients retry.
 */
export function openTable(name: string, { random, ...config }: DynamoDBClientConfig & Pick<Table, 'random'>): Table {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
    ...config,
  });
  // The SDK prepares each call and its result for a log that nobody reads, which takes 4% of the time of a call.
  client.middlewareStack.remove('loggerMiddleware');
  // The SDK describes itself and Node in a header of each call, which takes 10% of the time of a call.
  client.middlewareStack.remove('getUserAgentMiddleware');
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        // A write outside a transaction conflicted with a transaction on the same item. The SDK does not retry after
        // this error.
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
 * Returns the table for the duration of one request: when the signal is aborted, all running calls to the table are
 * cancelled, and all later calls fail. Lambda freezes a process after the response, and resumes the process at the next
 * request, perhaps an hour later. Without the signal, this could happen:
 *
 *     The code of a request begins to read from the table.
 *     The API responds before this read returns, for example after a time-out, and Lambda freezes the process.
 *     Meanwhile, the service stores the final statement of the month that the code works on, or deletes the customer.
 *     Lambda resumes the process, the read returns, and the code writes data of the same month or the deleted customer.
 */
export function untilAborted({ client, ...table }: Table, abortSignal: AbortSignal): Table {
  const send = (command: Parameters<typeof client.send>[0]) => client.send(command, { abortSignal });
  return { client: Object.create(client, { send: { value: send } }) as DynamoDBDocumentClient, ...table };
}

type SdkError = Parameters<typeof isTransientError>[0];
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    // On a busy machine, the SDK reports a time-out as an aborted call. The end of a request also aborts the calls of
    // the request.
    (error.name === 'AbortError' ||
      error.name.startsWith('TimeoutError') ||
      [isThrottlingError, isTransientError, isServerError].some((test) => test(error as SdkError)))
  );
}

/** Returns whether a write failed because its condition was false. */
export function isConditionFailed(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}
