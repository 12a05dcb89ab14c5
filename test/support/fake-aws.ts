import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An error that an AWS service returns. */
export class FakeError {
  readonly name: string;
  readonly message: string;
  readonly status: number;
  constructor(name: string, message = '', status = 400) {
    this.name = name;
    this.message = message;
    this.status = status;
  }
}
/** The answer of a service that does not answer: the endpoint closes the connection. */
export const NO_ANSWER = Symbol('no answer');

export type FakeAnswer = object | FakeError | typeof NO_ANSWER;
/**
 * The answers of an account, by the name of the operation. An answer may depend on the input of the call, and on its
 * region.
 */
export type FakeAccount = Readonly<Record<string, (input: Readonly<Record<string, string>>) => FakeAnswer>>;

/** An HTTP endpoint that answers as the AWS services of an account do, in the wire format of each service. */
export interface FakeAws {
  readonly endpoint: string;
  /** The names of the operations that were called, in the order of the calls. */
  readonly called: string[];
  /** Replaces the answers. */
  become(account: FakeAccount): void;
  stop(): Promise<void>;
}

/** Starts an endpoint on the loopback interface. An operation without an answer returns the error `NotFaked`. */
export async function startFakeAws(): Promise<FakeAws> {
  let account: FakeAccount = {};
  const called: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { format, operation, input } = callOf(request, await text(request));
      called.push(operation);
      const answer =
        account[operation]?.({ ...input, region: regionOf(request) }) ??
        new FakeError('NotFaked', `${operation} has no answer`);
      if (answer === NO_ANSWER) request.socket.destroy();
      else formats[format](response, operation, answer);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    called,
    become(next) {
      account = next;
      called.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Returns the region for which a request is signed. */
const regionOf = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

type Format = 'json' | 'rest' | 'query';

/** Returns the operation of a request, and its input as far as the fakes need it. */
function callOf({ headers, url = '' }: IncomingMessage, body: string) {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const input = JSON.parse(body) as Record<string, string>;
    return { format: 'json' as Format, operation: target.split('.').at(-1) ?? '', input };
  }
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    const input = Object.fromEntries(new URLSearchParams(body));
    return { format: 'query' as Format, operation: input['Action'] ?? '', input };
  }
  for (const [operation, path] of Object.entries(paths)) {
    const [, name = ''] = path.exec(url) ?? [undefined, undefined];
    if (path.test(url)) return { format: 'rest' as Format, operation, input: { name: decodeURIComponent(name) } };
  }
  return { format: 'rest' as Format, operation: url, input: {} };
}
const paths = {
  GetAccountSettings: /^\/2016-08-19\/account-settings\/?$/,
  Invoke: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
  GetAccount: /^\/v2\/email\/account$/,
  GetEmailIdentity: /^\/v2\/email\/identities\/([^/]+)$/,
  GetSuppressedDestination: /^\/v2\/email\/suppression\/addresses\/([^/]+)$/,
};

type Write = (response: ServerResponse, operation: string, answer: object) => void;
const writeJson: Write = (response, _, answer) => {
  if (answer instanceof FakeError) {
    const { name, message, status } = answer;
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
    response.end(JSON.stringify({ __type: name, message }));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
};
const writeXml: Write = (response, operation, answer) => {
  const isError = answer instanceof FakeError;
  response.writeHead(isError ? answer.status : 200, { 'content-type': 'text/xml' });
  response.end(
    isError
      ? xml({ ErrorResponse: { Error: { Type: 'Sender', Code: answer.name, Message: answer.message } } })
      : xml({ [`${operation}Response`]: { [`${operation}Result`]: answer } }),
  );
};
const formats: Readonly<Record<Format, Write>> = { json: writeJson, rest: writeJson, query: writeXml };

/** Returns a value as XML, as the services with the query protocol write it. */
function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => `<member>${xml(member)}</member>`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
      .join('');
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
