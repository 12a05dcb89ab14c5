import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { consoleCaching, consoleHeaders, consolePage, pagePath } from '../config/console-files.ts';
import { pathOf } from './control.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Makes what answers requests for the console's files as CloudFront does in AWS: with the same headers, and its page for
 * every path that is one. Gives undefined for a request that is the API's. What is built while the service runs is served.
 */
export function createConsole(folder: string): (request: IncomingMessage) => Answer | undefined {
  const serve = sirv(folder, {
    // Looks into the folder at each request.
    dev: true,
    etag: true,
    extensions: [],
    setHeaders: (response, pathname) => {
      response.setHeader('cache-control', consoleCaching[pathname.startsWith('/assets/') ? 'assets' : 'others']);
    },
  });
  return (request) => {
    const pathname = pathOf(request);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || pathname.startsWith('/v1/')) return undefined;
    return async (_, response) => {
      for (const [name, value] of Object.entries(localHeaders)) response.setHeader(name, value);
      if (pagePath.test(pathname)) request.url = consolePage;
      // Ranges that are none make sirv throw, and no page needs any.
      delete request.headers.range;
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        // What Vite notes of the build is in a folder that begins with a dot; it is not deployed, either.
        if (/\/(\.|%2e)/i.test(pathname)) {
          response.writeHead(404).end();
          return;
        }
        serve(request, response, () => {
          response.writeHead(404).end();
        });
      });
    };
  };
}

/**
 * All but HSTS, which "MUST NOT" be sent without TLS (RFC 6797, 7.2). Behind a proxy with TLS on this machine it would have
 * the browser refuse every other thing that runs on localhost for a year.
 */
const { 'strict-transport-security': _forTls, ...localHeaders } = consoleHeaders;
