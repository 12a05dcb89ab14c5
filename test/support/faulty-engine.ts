import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { engineEndpoint } from './engine.ts';

/** A call to DynamoDB: the operation's name, such as `TransactWriteItems`, and its input in DynamoDB's own JSON. */
export interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}
/** The response to a call that a `FaultyEngine` refuses. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
}
/** A proxy in front of the embedded DynamoDB engine. */
export interface FaultyEngine {
  readonly endpoint: string;
  /**
   * The proxy calls this function for each DynamoDB call. If the function returns a refusal, the proxy responds with
   * this refusal. Otherwise, the proxy lets the call through.
   */
  fault: (call: Call) => Promise<Refusal | undefined> | Refusal | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of the embedded DynamoDB engine. The proxy can refuse calls. The engine itself never
 * throttles, and its transactions never conflict.
 */
export async function startFaultyEngine(): Promise<FaultyEngine> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const refusal = await faulty.fault(callOf(request, body));
      const answer = refusal
        ? Response.json(refusal.body, { status: refusal.status })
        : await fetch(await engineEndpoint(), {
            method: 'POST',
            headers: headersOf(request),
            body: new Uint8Array(body),
          });
      const type = { 'content-type': 'application/x-amz-json-1.0' };
      response.writeHead(answer.status, type).end(Buffer.from(await answer.arrayBuffer()));
    })().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const faulty: FaultyEngine = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return faulty;
}

const callOf = ({ headers }: IncomingMessage, body: Buffer): Call => ({
  operation: String(headers['x-amz-target']).split('.')[1] ?? '',
  input: JSON.parse(body.toString()) as Call['input'],
});

/** Returns the request headers that the embedded DynamoDB engine reads. */
const headersOf = ({ headers }: IncomingMessage) =>
  Object.fromEntries(
    ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'].map((name) => [name, String(headers[name])]),
  );

/**
 * Returns the response to a cancelled transaction. The write at index `place` conflicts with another transaction, so
 * nothing was written.
 */
export function transactionConflict({ input }: Call, place = 0): Refusal {
  const items = input['TransactItems'] as unknown[];
  return {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]',
      CancellationReasons: items.map((_, index) =>
        index === place
          ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
          : { Code: 'None' },
      ),
    },
  };
}

/** Returns the response that DynamoDB sends to an invalid call. */
export const refused = (type: string, message: string): Refusal => ({
  status: 400,
  body: { __type: `com.amazon.coral.validate#${type}`, message },
});
