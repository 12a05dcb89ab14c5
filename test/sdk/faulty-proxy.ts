import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * A fault of the network or of a server. `lost` forwards the request and then drops the connection. `dropped` drops it
 * at once. `silent` never answers. An object is the answer itself.
 */
export type Fault =
  | 'lost'
  | 'dropped'
  | 'silent'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface SeenRequest {
  /** The method and the path, such as `GET /v1/rp`. */
  readonly request: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Starts a proxy in front of the service at `target`. Each fault hits one request, in the given order. */
export async function startFaultyProxy(target: string) {
  let faults: Fault[] = [];
  let seen: SeenRequest[] = [];

  const server = createServer((request, response) => {
    void (async () => {
      const body = (await buffer(request)).toString();
      const { method = '', url = '', headers } = request;
      seen.push({ request: `${method} ${url}`, headers, body });
      const fault = faults.shift();
      if (fault === 'silent') return;
      if (typeof fault === 'object') {
        answer(response, fault);
        return;
      }
      if (fault === 'dropped') {
        request.socket.destroy();
        return;
      }
      const { authorization = '', 'idempotency-key': key, 'content-type': type } = headers;
      const forwarded = await fetch(`${target}${url}`, {
        method,
        headers: {
          authorization,
          ...(typeof key === 'string' && { 'idempotency-key': key }),
          ...(type !== undefined && { 'content-type': type }),
        },
        ...(body !== '' && { body }),
      });
      const text = await forwarded.text();
      if (fault === 'lost') request.socket.destroy();
      else answer(response, { status: forwarded.status, headers: contentTypeOf(forwarded), body: text });
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Sets the faults of the next requests, and forgets the earlier requests. */
    fail(...next: Fault[]) {
      faults = next;
      seen = [];
    },
    /** Returns the requests since the last call of `fail`. */
    requests: () => seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, { status, headers = {}, body = '' }: Exclude<Fault, string>) {
  response.writeHead(status, headers).end(body);
}

const contentTypeOf = ({ headers }: Response): Record<string, string> => {
  const type = headers.get('content-type');
  return type === null ? {} : { 'content-type': type };
};
