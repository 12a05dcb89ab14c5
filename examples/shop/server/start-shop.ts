import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Fido2Client } from 'fido2-server-service-sdk';
import { headers, pageFiles } from './page-files.ts';
import { Refusal } from './refusal.ts';
import { createRoutes, type Answered } from './routes.ts';
import { createSessions, type Session } from './sessions.ts';

export interface ShopOptions {
  /** The client of the FIDO2 server. It contains the API key, which never leaves this server. */
  readonly fido2: Fido2Client;
  readonly rpId: string;
  /** The port on which the shop listens, on the loopback interface. */
  readonly port: number;
  /** The address of the shop in browsers. @default `http://localhost:<port>` */
  readonly origin?: string;
  /** Receives problems of the service, and errors of the shop. @default console.error */
  readonly log?: (error: unknown) => void;
  /** Returns the time in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** The maximum size of a request in bytes. The response of a passkey with an attestation is below 50 KB. */
const MAX_BODY = 64 * 1_024;

/** Starts the shop. Rejects if the port is not free. `stop` ends the shop. */
export async function startShop(
  options: ShopOptions,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const { fido2, rpId, port, log = console.error, now = Date.now } = options;
  const { origin } = new URL(options.origin ?? `http://localhost:${port}`);
  const sessions = createSessions(now);
  const routes = createRoutes({ fido2, rpId, sessions, now, log });
  const cookie = cookieOf(origin);

  async function answer(request: IncomingMessage): Promise<Answered> {
    const { method = '', url = '' } = request;
    const route = routes[`${method} ${pathOf(url)}`];
    if (!route) throw new Refusal(404, 'failed', 'There is no such page.');
    // Another site can let a browser send a request with the cookie. The browser then names this site in `Origin`. The
    // attribute SameSite alone would not be enough: other ports and subdomains belong to the same site.
    if (method !== 'GET' && request.headers.origin !== origin) {
      throw new Refusal(403, 'failed', 'Other sites may not use this shop.');
    }
    return route({ session: sessions.find(cookie.read(request)), body: method === 'GET' ? {} : await bodyOf(request) });
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = pathOf(request.url ?? '');
    const file = request.method === 'GET' || request.method === 'HEAD' ? pageFiles.get(path) : undefined;
    if (file && request.headers.host?.startsWith('127.0.0.1') === true && origin.includes('//localhost')) {
      // Passkeys work at localhost, and not at an IP address.
      response.writeHead(302, { location: origin + path }).end();
      return;
    }
    if (file) {
      response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' }).end(file.content);
      return;
    }
    answer(request).then(
      ({ session, body }) => {
        if (session !== undefined) response.setHeader('set-cookie', cookie.write(session));
        send(response, 200, body);
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) log(error);
        const refusal =
          error instanceof Refusal ? error : new Refusal(500, 'failed', 'Something went wrong. Try again.');
        const { status, code, message, signals } = refusal;
        send(response, status, { code, message, signals });
      },
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: origin,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

const pathOf = (url: string) => url.split('?', 1)[0] ?? '';

/** Reads a JSON object. A form of another site cannot send this content type. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const refused = new Refusal(400, 'failed', 'Something went wrong. Reload the page.');
  if (request.headers['content-type'] !== 'application/json') throw refused;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY) throw refused;
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // The body is no JSON.
  }
  throw refused;
}

/**
 * Reads and writes the cookie with the ID of the session. Scripts cannot read it (`HttpOnly`), and other sites cannot
 * send it with a POST (`SameSite=Lax`). With TLS, the prefix `__Host-` keeps other subdomains from setting it.
 */
function cookieOf(origin: string) {
  const isSecure = origin.startsWith('https:');
  const name = isSecure ? '__Host-shop-session' : 'shop-session';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    read: ({ headers: { cookie = '' } }: IncomingMessage) =>
      cookie
        .split('; ')
        .find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1) ?? '',
    write: (session: Session | null) =>
      session ? `${name}=${session.id}; ${attributes}` : `${name}=; Max-Age=0; ${attributes}`,
  };
}
