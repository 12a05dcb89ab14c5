import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call of an API of AWS. */
export interface AwsCall {
  /** The name of the service in the signature, such as `dynamodb`. */
  readonly service: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface AwsReply {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
type Handler = (call: AwsCall) => Promise<AwsReply>;

/** The HTTP server to which all calls of AWS go, on the loopback interface. */
export interface Front {
  readonly endpoint: string;
  /** Sends the calls with an access key to a handler. Returns the function that ends this. */
  readonly bind: (accessKey: string, handler: Handler) => () => void;
  stop(): void;
}

/**
 * Starts the server. It recognizes the caller by the access key in the signature, and does not verify the signature. It
 * refuses a call with a key that belongs to nobody at the moment: Lambda would have frozen such a process after its
 * event, so the call would happen at another time or never.
 */
export async function startFront(): Promise<Front> {
  const handlers = new Map<string, Handler>();
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { authorization = '' } = request.headers;
    const [, key = '', service = ''] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
    const handler = handlers.get(key);
    const reply = handler
      ? await handler({ service, path: request.url ?? '/', headers: request.headers, body })
      : { status: 403, body: `{"__type":"UnrecognizedClientException","message":"${key} handles no event now."}` };
    // The SDK would set its clock by this header.
    response.sendDate = false;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/x-amz-json-1.0', ...reply.headers });
    response.end(reply.body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bind: (accessKey, handler) => {
      handlers.set(accessKey, handler);
      return () => {
        if (handlers.get(accessKey) === handler) handlers.delete(accessKey);
      };
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
